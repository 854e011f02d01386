/** Traces of OpenTelemetry from enqueue to run. */
@SuppressWarnings("requires-transitive-automatic") // the API of OpenTelemetry has no descriptor
module dev.holdfast.otel {
  requires transitive dev.holdfast.core;
  requires transitive io.opentelemetry.api;
  requires static transitive org.jspecify;
  requires io.opentelemetry.context;

  exports dev.holdfast.otel;
}
