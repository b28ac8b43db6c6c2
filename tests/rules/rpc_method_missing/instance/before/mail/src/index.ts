class Mail {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  async send(text: string): Promise<string> {
    return `sent ${text}`;
  }
}

export default new Mail();
