package dev.holdfast.server;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.NewJob;
import dev.holdfast.http.Redaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * How a server works.
 *
 * @param address the name or address to listen at; default {@code 127.0.0.1}
 * @param port 0 to 65535; 0 is any that is free; default 8484
 * @param isBehindProxy whether a proxy in front takes care of TLS; then every caller needs a token,
 *     as all of them seem to be on this machine; default no
 * @param tls the certificate; default none
 * @param allowedHosts names in requests that mean this server, besides {@code localhost} and
 *     addresses; default none
 * @param attempts how many attempts a job of a type has that does not say it itself; default {@link
 *     NewJob#DEFAULT_MAX_ATTEMPTS}
 * @param policies how a failure of a type is tried again that a worker over HTTP tells; default
 *     {@link HandlerPolicy#defaults}
 * @param workerLease the lease of workers over HTTP; default 30 s
 * @param redaction what is left out of answers; default nothing
 */
public record ServerConfig(
    String address,
    int port,
    boolean isBehindProxy,
    Optional<Tls> tls,
    Set<String> allowedHosts,
    ToIntFunction<String> attempts,
    Function<String, HandlerPolicy> policies,
    Duration workerLease,
    Redaction redaction) {
  private static final int PORT = 8484;
  private static final Duration WORKER_LEASE = Duration.ofSeconds(30);

  /**
   * Checks the port.
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
    /** Without the password. */
    @Override
    public String toString() {
      return keystore.toString();
    }
  }

  /** For this machine alone. */
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
        Redaction.none());
  }

  /** Listening here. */
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
        redaction);
  }

  /** At this port. */
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
        redaction);
  }

  /** Behind a proxy, or not. */
  public ServerConfig behindProxy(boolean is) {
    return new ServerConfig(
        address, port, is, tls, allowedHosts, attempts, policies, workerLease, redaction);
  }

  /** With this certificate. */
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
        redaction);
  }

  /** Known by these names. */
  public ServerConfig allowedHosts(Set<String> names) {
    return new ServerConfig(
        address, port, isBehindProxy, tls, names, attempts, policies, workerLease, redaction);
  }

  /** With so many attempts. */
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
        redaction);
  }

  /** With these policies. */
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
        redaction);
  }

  /** With this lease for workers over HTTP. */
  public ServerConfig workerLease(Duration newLease) {
    return new ServerConfig(
        address, port, isBehindProxy, tls, allowedHosts, attempts, policies, newLease, redaction);
  }

  /** Without these secrets in answers. */
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
        newRedaction);
  }
}
