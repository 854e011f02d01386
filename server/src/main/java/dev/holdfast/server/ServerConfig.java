package dev.holdfast.server;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.NewJob;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Redaction;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The configuration of a server.
 *
 * @param address the name or address to listen on; default {@code 127.0.0.1}
 * @param port 0 to 65535; 0 chooses a free one; default 8484
 * @param isBehindProxy whether a proxy in front terminates TLS; then every caller needs a token, as
 *     all of them appear to be on this machine; default no
 * @param tls the certificate; default none
 * @param allowedHosts the host names of this server in requests, in addition to {@code localhost}
 *     and addresses; default none
 * @param attempts the maximum number of attempts of a type's jobs that do not set it; default
 *     {@link NewJob#DEFAULT_MAX_ATTEMPTS}
 * @param policies the retry policies of types for failures that workers over HTTP report; default
 *     {@link HandlerPolicy#defaults}
 * @param workerLease the lease of workers over HTTP; default 30 s
 * @param redaction the values to remove from responses; default nothing
 * @param mayCallLoopback whether webhooks may call this machine itself, for tests; default no
 * @param publicUrl the URL by which browsers reach the server, if it differs from its own; default
 *     none
 */
@SuppressWarnings("exports") // the wire forms are exported to this module alone
public record ServerConfig(
    String address,
    int port,
    boolean isBehindProxy,
    Optional<Tls> tls,
    Set<String> allowedHosts,
    ToIntFunction<String> attempts,
    Function<String, HandlerPolicy> policies,
    Duration workerLease,
    Redaction redaction,
    boolean mayCallLoopback,
    Optional<URI> publicUrl) {
  private static final int PORT = 8484;
  private static final Duration WORKER_LEASE = Duration.ofSeconds(30);

  /**
   * Validates the port.
   *
   * @throws InvalidRequestException naming the value and what is expected
   */
  public ServerConfig {
    allowedHosts = Set.copyOf(allowedHosts);
    if (port < 0 || port > 65_535) {
      throw new InvalidRequestException("port must be 0 to 65535, was " + port);
    }
  }

  /**
   * A certificate with its key.
   *
   * @param keystore a PKCS 12 file
   * @param password its password
   */
  public record Tls(Path keystore, String password) {
    /** Returns a text without the password. */
    @Override
    public String toString() {
      return keystore.toString();
    }
  }

  /** Returns the default configuration, which serves this machine only. */
  public static ServerConfig defaults() {
    return new ServerConfig(
        "127.0.0.1",
        PORT,
        false,
        Optional.empty(),
        Set.of(),
        type -> NewJob.DEFAULT_MAX_ATTEMPTS,
        type -> HandlerPolicy.defaults(),
        WORKER_LEASE,
        Redaction.none(),
        false,
        Optional.empty());
  }

  /** Returns a copy with this address. */
  public ServerConfig address(String newAddress) {
    return new ServerConfig(
        newAddress,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with this port. */
  public ServerConfig port(int newPort) {
    return new ServerConfig(
        address,
        newPort,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy that is behind a proxy or not. */
  public ServerConfig behindProxy(boolean is) {
    return new ServerConfig(
        address,
        port,
        is,
        tls,
        allowedHosts,
        attempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with this certificate. */
  public ServerConfig tls(Tls newTls) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        Optional.of(newTls),
        allowedHosts,
        attempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with these host names. */
  public ServerConfig allowedHosts(Set<String> names) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        names,
        attempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with these numbers of attempts. */
  public ServerConfig attempts(ToIntFunction<String> newAttempts) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        newAttempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with these policies. */
  public ServerConfig policies(Function<String, HandlerPolicy> newPolicies) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        newPolicies,
        workerLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with this lease for workers over HTTP. */
  public ServerConfig workerLease(Duration newLease) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        policies,
        newLease,
        redaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy with this redaction. */
  public ServerConfig redaction(Redaction newRedaction) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        policies,
        workerLease,
        newRedaction,
        mayCallLoopback,
        publicUrl);
  }

  /** Returns a copy whose webhooks may call this machine itself or not. */
  public ServerConfig mayCallLoopback(boolean may) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        policies,
        workerLease,
        redaction,
        may,
        publicUrl);
  }

  /** Reached by browsers at this URL. */
  public ServerConfig publicUrl(URI newUrl) {
    return new ServerConfig(
        address,
        port,
        isBehindProxy,
        tls,
        allowedHosts,
        attempts,
        policies,
        workerLease,
        redaction,
        mayCallLoopback,
        Optional.of(newUrl));
  }
}
