package dev.holdfast.torture.server;

import dev.holdfast.testkit.postgres.PgBouncer;
import dev.holdfast.testkit.postgres.PostgresServer;
import java.util.Map;
import java.util.Optional;

/** A single server that comes back with its data, with or without a pooler. */
public final class LoneServer implements Server {
  private final PostgresServer server;
  private final Optional<PgBouncer> pooler;
  private final String direct;
  private final String address;

  private LoneServer(PostgresServer server, Optional<PgBouncer> pooler) {
    this.server = server;
    this.pooler = pooler;
    this.direct = server.createDatabase();
    this.address = pooler.map(before -> before.url(direct)).orElse(direct);
  }

  /**
   * Starts a server.
   *
   * @param major its version
   * @param pooled whether to start PgBouncer in front of it
   * @param settings additional settings of the server
   */
  public static LoneServer start(int major, boolean pooled, Map<String, String> settings) {
    PostgresServer server = PostgresServer.start(major, settings);
    return new LoneServer(
        server, pooled ? Optional.of(PgBouncer.inFrontOf(server.url())) : Optional.empty());
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public String direct() {
    return direct;
  }

  @Override
  public boolean disconnectOne(int draw) {
    return Sessions.endOne(server.url(), draw);
  }

  @Override
  public boolean disconnectAll() {
    return Sessions.endAll(server.url());
  }

  @Override
  public void crash() {
    server.stopImmediately();
    server.restart();
  }

  @Override
  public void kill() {
    server.kill();
    server.restart();
  }

  /** Shuts it down in order, and starts it after {@code meanwhile}. */
  public void restart(Runnable meanwhile) {
    server.stop();
    meanwhile.run();
    server.restart();
  }

  /** Returns the server itself. */
  public PostgresServer server() {
    return server;
  }

  @Override
  public void close() {
    pooler.ifPresent(PgBouncer::close);
    server.close();
  }
}
