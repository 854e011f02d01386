/** Serves a queue over HTTP: REST and access control. */
module dev.holdfast.server {
  requires transitive dev.holdfast.core;
  requires transitive dev.holdfast.http;
  requires static transitive org.jspecify;
  requires dev.holdfast.handlers;
  requires dev.holdfast.micrometer;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires org.slf4j;
  requires tools.jackson.dataformat.yaml;
  requires undertow.core;
  requires xnio.api;

  exports dev.holdfast.server;
  exports dev.holdfast.server.access;
}
