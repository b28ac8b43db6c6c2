interface Order {
  number: string;
  title: string;
  at: string;
  seats: string[];
}

export default {
  // The ticket of the order in the body, to be shown at the door.
  async fetch(request) {
    const { number, title, at, seats } = await request.json<Order>();
    const lines = [title, at, seats.join(" "), number].map(
      (line, index) => `<text x="20" y="${40 + 32 * index}">${escape(line)}</text>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="160">
${lines.join("\n")}
</svg>
`;
    return new Response(svg, { headers: { "content-type": "image/svg+xml" } });
  },
} satisfies ExportedHandler;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
