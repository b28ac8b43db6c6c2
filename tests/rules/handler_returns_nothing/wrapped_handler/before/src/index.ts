import { withFallback } from "some-package";

export default withFallback({
  fetch(request: Request) {
    console.log(request.url);
  },
});
