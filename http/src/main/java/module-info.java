/**
 * The wire forms between a server and its clients, which {@code --json} also prints, and the
 * client.
 */
@SuppressWarnings("module") // the server is a later module of the same build
module dev.holdfast.http {
  requires transitive dev.holdfast.core;
  requires transitive tools.jackson.databind;
  requires java.net.http;
  requires static transitive org.jspecify;

  exports dev.holdfast.http.client;
  exports dev.holdfast.http to
      dev.holdfast.server;
  exports dev.holdfast.http.wire to
      dev.holdfast.server;

  opens dev.holdfast.http.wire to
      tools.jackson.databind;
}
