import { WorkerEntrypoint } from "cloudflare:workers";

/* a */ export /* b */ default /* c */  /* d */ class ApiMom extends WorkerEntrypoint<Env> {
  /* e */ async /* f */ fetch /* g */ ( /* h */ request: Request /* i */ /* j */ /* k */ /* l */ /* m */ ) /* n */ {
    // o
    return /* p */ new Response(this.env.NAME + request.url); // q
  } /* r */ // s

  // t
  async scheduled /* u */ /* v */ ( /* w */ controller: ScheduledController /* x */ ) /* y */ /* z */ {
    // nothing
  } /* after */
  // last
} /* A */ /* B */ /* C */ /* D */ // E
