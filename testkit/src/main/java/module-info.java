/** The specification that every store passes, virtual time, and the simulated world. */
module dev.holdfast.testkit {
  requires transitive dev.holdfast.core;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires static org.jspecify;

  exports dev.holdfast.testkit;
}
