/**
 * The test kit for programs that use Holdfast: a queue in memory with time that a test moves. Its
 * store and its virtual time serve Holdfast's own tests too.
 */
@SuppressWarnings("module") // our own test kit is a later module of the same build
module dev.holdfast.test {
  requires transitive dev.holdfast.core;
  requires static org.jspecify;
  requires static transitive org.junit.jupiter.api;
  requires org.slf4j;

  exports dev.holdfast.test;
  exports dev.holdfast.test.memory to
      dev.holdfast.testkit;
  exports dev.holdfast.test.time to
      dev.holdfast.testkit;
}
