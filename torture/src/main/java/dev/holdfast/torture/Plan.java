package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a run consists of.
 *
 * @param seed what jobs and blows are drawn from; the time at which things happen is not
 * @param jobs how many jobs are enqueued
 * @param unfinished how many of them may be unfinished at once
 * @param runMillis how long a handler runs on average
 * @param workers how many worker processes there are
 * @param concurrency handlers at once in each
 * @param lease their nodes' lease
 * @param grace how long their handlers may go on at SIGTERM
 * @param blows how many of each kind are struck
 * @param patience how long no handler may complete before the run counts as stuck
 * @param mutant the name of a store that is broken on purpose; empty for the real one
 * @param durability what the effects logs must survive
 * @param ground what the store stands on
 */
public record Plan(
    long seed,
    int jobs,
    int unfinished,
    long runMillis,
    int workers,
    int concurrency,
    Duration lease,
    Duration grace,
    Map<Blow.Kind, Integer> blows,
    Duration patience,
    String mutant,
    Durability durability,
    Ground ground) {

  /** Copies the blows. */
  public Plan {
    blows = Map.copyOf(blows);
  }

  /** A few seconds without any blow. */
  public static Plan small() {
    return new Plan(
        42,
        300,
        1_000,
        20,
        2,
        8,
        Duration.ofSeconds(15),
        Duration.ofSeconds(5),
        Map.of(),
        Duration.ofSeconds(20),
        "",
        Durability.KILL,
        Ground.SQLITE);
  }

  /** With this seed. */
  public Plan seed(long newSeed) {
    return new Plan(
        newSeed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With so many jobs. */
  public Plan jobs(int newJobs) {
    return new Plan(
        seed,
        newJobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With so many jobs that may be unfinished at once. */
  public Plan unfinished(int newUnfinished) {
    return new Plan(
        seed,
        jobs,
        newUnfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With handlers that run for so long on average. */
  public Plan runMillis(long newRunMillis) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        newRunMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With so many worker processes of so many slots. */
  public Plan workers(int newWorkers, int newConcurrency) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        newWorkers,
        newConcurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With nodes of this lease. */
  public Plan lease(Duration newLease) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        newLease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With this time for handlers at SIGTERM. */
  public Plan grace(Duration newGrace) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        newGrace,
        blows,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With so many blows of this kind. */
  public Plan blows(Blow.Kind kind, int count) {
    Map<Blow.Kind, Integer> more = new EnumMap<>(Blow.Kind.class);
    more.putAll(blows);
    more.put(kind, count);
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        more,
        patience,
        mutant,
        durability,
        ground);
  }

  /** With this patience. */
  public Plan patience(Duration newPatience) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        newPatience,
        mutant,
        durability,
        ground);
  }

  /** On this broken store. */
  public Plan mutant(String newMutant) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        newMutant,
        durability,
        ground);
  }

  /** With a store on this ground. */
  public Plan ground(Ground newGround) {
    return new Plan(
        seed,
        jobs,
        unfinished,
        runMillis,
        workers,
        concurrency,
        lease,
        grace,
        blows,
        patience,
        mutant,
        durability,
        newGround);
  }

  /** The blows one by one, in an order drawn from the seed. */
  List<Blow.Kind> order() {
    List<Blow.Kind> order = new ArrayList<>();
    for (Blow.Kind kind : Blow.Kind.values()) {
      order.addAll(Collections.nCopies(blows.getOrDefault(kind, 0), kind));
    }
    Collections.shuffle(order, new Random(seed));
    return order;
  }
}
