interface ClientEnv { TOKEN: string; API_MOM: Fetcher }

export class Client {
  constructor(private readonly bindings: ClientEnv) {}

  blurbs(): Promise<Response> {
    const headers = { authorization: this.bindings.TOKEN };
    return this.bindings.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers });
  }
}
