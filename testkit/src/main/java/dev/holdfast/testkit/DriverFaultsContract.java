package dev.holdfast.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.Transaction;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.HoldfastException.Code;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.testkit.DriverFaultsScenarios.Scenario;
import dev.holdfast.testkit.sql.DriverFaults;
import dev.holdfast.testkit.sql.DriverFaults.Kind;
import dev.holdfast.testkit.sql.DriverFaults.When;
import dev.holdfast.testkit.sql.StoreOperations;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The promises of a store over JDBC whose driver fails. In every kind of transaction the first call
 * of the driver fails, then the second, and so on until the transaction makes fewer calls. Each
 * time the call to the store is repeated, as callers do, and then everything must be as if nothing
 * had failed. One store goes through all of it, so that anything a failure leaves behind affects
 * the next.
 */
@Tag("R-58")
@Timeout(1_800)
public abstract class DriverFaultsContract {
  private static final int CALLS_MAX = 5_000;

  /** The faults of the store's driver. */
  protected final DriverFaults faults = new DriverFaults();

  /** Returns the faults that this driver has. */
  protected abstract List<Kind> kinds();

  /** Connects to the store's database as a caller does, through the faulty driver. */
  protected abstract Connection connect() throws SQLException;

  /** Wraps a connection as a transaction. */
  protected abstract Transaction transaction(Connection connection);

  /** Returns whether a scenario is part of the short form that every build runs. */
  protected abstract boolean isInShortForm(String scenario);

  /** Opens the store, empty, over {@link #faults}. */
  protected abstract JobStore open(TimeSource time);

  /** Checks that the closed store left nothing behind. */
  protected void assertNothingLeaks() throws SQLException {}

  private final Opened opened = new Opened();

  /** The store under test with its shorthands. */
  private static final class Opened extends StoreFixture {}

  @BeforeEach
  final void openStore() {
    opened.store = open(opened.time);
    opened.queue = opened.queueOver(opened.store, opened.random);
  }

  @AfterEach
  final void closeStore() throws SQLException {
    opened.store.close();
    assertNothingLeaks();
  }

  /**
   * Repeats calls after faults. The long form, {@code -Dholdfast.faults=all}, has more kinds of
   * faults and counts all calls; with names of scenarios instead, separated by commas, it has only
   * these.
   */
  @Test
  void a_store_is_as_good_as_before_after_any_call_of_its_driver_that_failed() {
    String chosen = System.getProperty("holdfast.faults");
    if (chosen == null) {
      run(kinds().subList(0, 1), this::isInShortForm, false);
    } else {
      Set<String> names = Set.of(chosen.split(",", -1));
      run(kinds(), scenario -> chosen.equals("all") || names.contains(scenario), true);
    }
  }

  /** Operations without a scenario: a new one must get a scenario, or be named here. */
  private static final Set<String> WITHOUT =
      Set.of(
          "Archive.arrive",
          "Archive.fillSchedules",
          "Archive.fillTypeLimits",
          "Archive.loadKeys",
          "Archive.loadLogs",
          "Archive.loadQueues",
          "Archive.loadSchedules",
          "Archive.loadTypeLimits",
          "JobStore.close",
          "JobStore.complete",
          "JobStore.listen",
          "NodeStore.list",
          "NodeStore.register",
          "QueueStore.runNext",
          "RecoveryStore.deregister",
          "ReviewStore.review",
          "ReviewStore.uncertain",
          "Upkeep.backup",
          "Upkeep.backups",
          "Upkeep.bytesToRebuild",
          "Upkeep.checkpoint",
          "Upkeep.optimize",
          "Upkeep.rebuild",
          "Upkeep.stats",
          "Upkeep.vacuum",
          "Upkeep.verify",
          "Upkeep.verifyWith",
          "WebhookStore.enqueueAgain",
          "WebhookStore.rotate");

  @Test
  void every_operation_of_a_store_is_in_a_scenario_or_named() {
    StoreOperations operations = new StoreOperations();
    JobStore real = opened.store;
    opened.store = operations.recording(real);
    opened.queue = opened.queueOver(opened.store, opened.random);
    DriverFaultsScenarios scenarios =
        new DriverFaultsScenarios(opened, this::connect, this::transaction);
    scenarios
        .all()
        .forEach(
            (name, scenario) -> {
              Scenario.Attempt attempt = scenario.prepare();
              attempt.call().run();
              attempt.check().run();
              scenarios.tidyUp();
            });
    opened.store = real;

    Set<String> missing = StoreOperations.all();
    missing.removeAll(operations.called());
    assertThat(missing).containsExactlyInAnyOrderElementsOf(WITHOUT);
  }

  private void run(List<Kind> kinds, Predicate<String> chosen, boolean allCalls) {
    DriverFaultsScenarios scenarios =
        new DriverFaultsScenarios(opened, this::connect, this::transaction);
    List<String> broken = new ArrayList<>();
    for (String scenario : scenarios.all().keySet()) {
      if (chosen.test(scenario)) {
        for (Kind kind : kinds) {
          for (When when : When.values()) {
            everyCall(scenarios, scenario, kind, when, allCalls, broken);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private void everyCall(
      DriverFaultsScenarios scenarios,
      String name,
      Kind kind,
      When when,
      boolean allCalls,
      List<String> broken) {
    Scenario scenario = requireNonNull(scenarios.all().get(name));
    for (int nth = 1; nth < CALLS_MAX; nth++) {
      String failed = "";
      try {
        Scenario.Attempt attempt = scenario.prepare();
        faults.arm(nth, when, kind, allCalls);
        boolean isTold = fails(attempt.call());
        failed = faults.disarm();
        if (isTold) {
          attempt.call().run();
        }
        attempt.check().run();
        scenarios.tidyUp();
      } catch (RuntimeException | AssertionError poisoned) {
        failed = failed.isEmpty() ? faults.disarm() : failed; // else no later call would fail
        broken.add("%s, call %d (%s), %s: %s".formatted(name, nth, failed, kind, first(poisoned)));
      }
      if (failed.isEmpty()) {
        if (allCalls) {
          System.out.printf("%-40s %-20s %-6s %4d calls%n", name, kind, when, nth - 1);
        }
        return;
      }
    }
    fail("%s makes more than %d calls", name, CALLS_MAX);
  }

  private static String first(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    String where = "";
    for (StackTraceElement element : trace) {
      if (element.getClassName().contains("DriverFaultsScenarios")) {
        where = " at line " + element.getLineNumber();
        break;
      }
    }
    return failure + where;
  }

  /** Returns whether the caller gets an exception, and checks that it is the right one. */
  private static boolean fails(Runnable call) {
    try {
      call.run();
      return false;
    } catch (HoldfastException told) {
      assertThat(told.code()).as("%s", told).isIn(Code.STORAGE, Code.UNAVAILABLE);
      return true;
    }
  }
}
