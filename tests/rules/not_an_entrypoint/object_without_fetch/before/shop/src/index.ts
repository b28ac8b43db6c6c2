export default {
  async scheduled(): Promise<void> {},
};
