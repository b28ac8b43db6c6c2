const log: string[] = [];

export async function handleQueue(batch: MessageBatch<number>, env: Env): Promise<void> {
  log.push(`${batch.queue} ${env.NAME}`);
}

export const handlers = {
  log: () => new Response(log.join()),
  scheduled(): void {
    log.push("scheduled");
  },
};
