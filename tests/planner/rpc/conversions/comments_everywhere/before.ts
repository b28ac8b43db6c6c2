/* a */ export /* b */ default /* c */ ( /* d */ {
  /* e */ async /* f */ fetch /* g */ ( /* h */ request /* i */, /* j */ env /* k */, /* l */ ctx /* m */ ) /* n */ {
    // o
    return /* p */ new Response(env.NAME + request.url); // q
  } /* r */, // s

  // t
  scheduled: /* u */ async /* v */ ( /* w */ controller /* x */ ) /* y */ => /* z */ {
    // nothing
  }, /* after */
  // last
} /* A */ satisfies /* B */ ExportedHandler<Env> /* C */ ) /* D */; // E
