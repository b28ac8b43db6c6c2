export type Env = {
  TITLE: string,
};
