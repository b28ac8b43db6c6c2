export const none = "none";

export const enter = (env: { ROOMS: any }) => env.ROOMS.fetch("https://rooms/");
