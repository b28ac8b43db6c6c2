export { default } from "some-package";
