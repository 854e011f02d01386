package dev.holdfast.torture.server;

import dev.holdfast.testkit.postgres.PostgresServer;
import dev.holdfast.testkit.postgres.Wire;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.Rest;
import java.time.Duration;

/**
 * A primary and its standby. When the primary is killed, the standby is promoted, and the data of
 * the old primary becomes the next standby.
 */
public final class PairedServers implements StandbyServers {
  /** The lag of an asynchronous standby before the primary is killed. */
  private static final Duration BEHIND = Duration.ofMillis(500);

  private final boolean isSynchronous;
  private final String address;
  private PostgresServer primary;
  private PostgresServer standby;
  private Wire wire;
  private int number;
  private final LongestTime outages = new LongestTime();

  private PairedServers(
      PostgresServer primary, PostgresServer standby, Wire wire, boolean isSynchronous) {
    this.primary = primary;
    this.standby = standby;
    this.wire = wire;
    this.isSynchronous = isSynchronous;
    String database = primary.createDatabase();
    this.address =
        "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d%s&targetServerType=primary"
            .formatted(
                primary.port(), standby.port(), database.substring(database.lastIndexOf('/')));
  }

  /**
   * Starts both.
   *
   * @param major their version
   * @param isSynchronous whether a commit returns only once the standby has it, too
   */
  public static PairedServers start(int major, boolean isSynchronous) {
    PostgresServer primary = PostgresServer.start(major);
    Wire wire = Wire.to(primary.port());
    PostgresServer standby = PostgresServer.standbyOf(primary, wire.port(), "standby_0");
    PairedServers pair = new PairedServers(primary, standby, wire, isSynchronous);
    pair.awaitStandby();
    return pair;
  }

  private void awaitStandby() {
    if (isSynchronous) {
      primary.awaitStandbyAtCommit();
    }
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public boolean disconnectOne(int draw) {
    return Sessions.endOne(primary.url(), draw);
  }

  @Override
  public boolean disconnectAll() {
    return Sessions.endAll(primary.url());
  }

  @Override
  public void crash() {
    primary.stopImmediately();
    primary.restart();
  }

  @Override
  public void kill() {
    if (!isSynchronous) {
      fallBehind();
    }
    Moment killed = Moment.now();
    PostgresServer dead = primary;
    dead.kill();
    wire.close();
    standby.promote();
    primary = standby;
    standby = dead;
    wire = Wire.to(primary.port());
    standby.follow(primary, wire.port(), "standby_" + ++number);
    awaitStandby();
    outages.passedSince(killed);
  }

  /** Stops replication, so that later commits exist only on the primary. */
  private void fallBehind() {
    wire.freeze();
    try {
      Rest.orBeInterrupted(BEHIND);
    } catch (InterruptedException told) {
      throw new IllegalStateException("the run was interrupted", told);
    }
  }

  @Override
  public Duration longestOutage() {
    return outages.get();
  }

  @Override
  public void close() {
    standby.close();
    wire.close();
    primary.close();
  }
}
