package dev.holdfast.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a server.
 *
 * @param address the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param isBehindProxy whether a proxy in front handles TLS
 * @param keystore the PKCS 12 file with its certificate and key
 * @param passwordFile the file whose first line is the password of the keystore
 * @param allowedHosts the host names that callers may use
 * @param publicUrl the URL by which browsers reach it, if it differs from its own
 */
public record ServerSettings(
    String address,
    int port,
    boolean isBehindProxy,
    Optional<Path> keystore,
    Optional<Path> passwordFile,
    List<String> allowedHosts,
    Optional<URI> publicUrl) {
  /** Copies the names. */
  public ServerSettings {
    allowedHosts = List.copyOf(allowedHosts);
  }
}
