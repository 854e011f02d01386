/**
 * The specification that every store passes, virtual time, the simulated world, real PostgreSQL
 * servers and real processes.
 */
module dev.holdfast.testkit {
  requires transitive dev.holdfast.core;
  requires transitive dev.holdfast.test;
  requires transitive java.sql;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.jupiter.params;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.holdfast.testkit;
  exports dev.holdfast.testkit.postgres;
  exports dev.holdfast.testkit.process;
  exports dev.holdfast.testkit.sql;
}
