package dev.holdfast.torture.server;

import dev.holdfast.testkit.postgres.PatroniCluster;
import dev.holdfast.torture.host.Moment;
import java.time.Duration;

/** A primary and its standby under Patroni, which promotes the remaining one. */
public final class PatroniServers implements StandbyServers {
  private final PatroniCluster cluster = PatroniCluster.start();
  private final String address = cluster.databases().create();
  private final LongestTime outages = new LongestTime();

  @Override
  public String address() {
    return address;
  }

  @Override
  public boolean disconnectOne(int draw) {
    return Sessions.endOne(cluster.url(), draw);
  }

  @Override
  public boolean disconnectAll() {
    return Sessions.endAll(cluster.url());
  }

  /** Does the same as {@link #kill}: the whole machine is lost in either case. */
  @Override
  public void crash() {
    kill();
  }

  @Override
  public void kill() {
    Moment killed = Moment.now();
    cluster.killPrimary();
    outages.passedSince(killed);
  }

  @Override
  public Duration longestOutage() {
    return outages.get();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
