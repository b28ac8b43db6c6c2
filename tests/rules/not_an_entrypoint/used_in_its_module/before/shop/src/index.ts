class Shop {
  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}

export const spare = new Shop();

export default Shop;
