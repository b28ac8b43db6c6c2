interface ClientEnv { TOKEN: string }

export class Client {
  constructor(private readonly bindings: ClientEnv) {}

  blurbs(): Promise<Response> {
    const headers = { authorization: this.bindings.TOKEN };
    return fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers });
  }
}
