class Mail {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  send = async (text: string): Promise<string> => `sent ${text}`;
}

export default new Mail();
