/** Handlers for common tasks, for any program that runs a node. */
module dev.holdfast.handlers {
  requires transitive dev.holdfast.core;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.annotation;
  requires java.net.http;
  requires tools.jackson.databind;

  exports dev.holdfast.handlers.exec;
  exports dev.holdfast.handlers.http;
  exports dev.holdfast.handlers.outbound;
  exports dev.holdfast.handlers.webhook;
}
