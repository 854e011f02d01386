package dev.holdfast.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a server listens.
 *
 * @param address at which address
 * @param port at which port; 0 is any that is free
 * @param isBehindProxy whether a proxy in front takes care of TLS
 * @param keystore the PKCS 12 file with its certificate and key
 * @param passwordFile the file whose first line is the password of that
 * @param allowedHosts by which names callers may address it
 */
public record ServerSettings(
    String address,
    int port,
    boolean isBehindProxy,
    Optional<Path> keystore,
    Optional<Path> passwordFile,
    List<String> allowedHosts) {
  /** Copies the names. */
  public ServerSettings {
    allowedHosts = List.copyOf(allowedHosts);
  }
}
