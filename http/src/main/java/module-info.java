/**
 * The wire forms between a server and its clients, which {@code --json} also prints, and the
 * client.
 */
module dev.holdfast.http {
  requires transitive dev.holdfast.core;
  requires transitive tools.jackson.databind;
  requires java.net.http;
  requires static transitive org.jspecify;

  exports dev.holdfast.http;
  exports dev.holdfast.http.client;
  exports dev.holdfast.http.wire;

  opens dev.holdfast.http.wire to
      tools.jackson.databind;
}
