/** Times are those of the theatre, prices are in cents. */
export const SHOWS = [
  { id: "hamlet", title: "Hamlet", at: "2027-02-12 19:30", price: 2400 },
  { id: "three-sisters", title: "Three Sisters", at: "2027-02-19 19:30", price: 1800 },
];
