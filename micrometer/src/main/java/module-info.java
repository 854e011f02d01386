/** Meters of a process that enqueues or runs jobs. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no descriptor
module dev.holdfast.micrometer {
  requires transitive dev.holdfast.core;
  requires transitive micrometer.core;
  requires static transitive org.jspecify;

  exports dev.holdfast.micrometer;
}
