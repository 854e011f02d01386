package dev.holdfast.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Orphan.History;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.test.time.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Breaks the rules of leases, one at a time, and checks that the test of each rule fails. These
 * rules concern few jobs, so a simulation would need many seeds to notice.
 */
@Execution(ExecutionMode.SAME_THREAD)
final class RuleMutantsTest {
  private static final AtomicReference<UnaryOperator<JobStore>> CHANGE =
      new AtomicReference<>(store -> store);

  private static JobStore changed(JobStore store) {
    return requireNonNull(CHANGE.get()).apply(store);
  }

  /** The contract of stores, of one that is changed. */
  static final class ChangedContract extends JobStoreContract {
    @Override
    protected StoreUnderTest storeUnderTest(Path folder) {
      StoreUnderTest memory = new MemoryJobStoreTest.MemoryUnderTest();
      return new StoreUnderTest() {
        @Override
        public JobStore open(TimeSource time) {
          return changed(memory.open(time));
        }

        @Override
        public JobStore openAgain(TimeSource time) {
          return changed(memory.openAgain(time));
        }

        @Override
        public void die(NodeId node) {
          memory.die(node);
        }
      };
    }
  }

  /** The scenes of lapses, over a store that is changed. */
  static final class ChangedLapses extends LapseScenes {
    @Override
    protected WorldStore worldStore(VirtualTime time) {
      WorldStore memory = WorldStore.inMemory(time);
      return new WorldStore() {
        @Override
        public JobStore open() {
          return changed(memory.open());
        }

        @Override
        public void kill(NodeId node) {
          memory.kill(node);
        }

        @Override
        public int openThings() {
          return memory.openThings();
        }

        @Override
        public void close() {
          memory.close();
        }
      };
    }
  }

  /** The scenes of the engine, over a store that is changed last. */
  static final class ChangedEngine extends EngineScenes {
    @Override
    protected WorldStore worldStore(VirtualTime time) {
      return WorldStore.inMemory(time);
    }

    @Override
    void replaceWorld(UnaryOperator<JobStore> ground) {
      super.replaceWorld(store -> changed(ground.apply(store)));
    }
  }

  @Test
  void an_end_that_is_dropped_when_it_is_set_aside_is_caught() {
    assertCaught(
        ChangedEngine.class,
        "tells_an_end_that_is_set_aside_again_and_holds_up_no_other",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                Exchange exchange = super.exchange(ends, claim);
                return new Exchange(
                    exchange.claimed(), exchange.stale(), List.of(), exchange.again());
              }
            });
  }

  @Test
  void an_end_that_is_set_aside_and_taken_for_stale_is_caught() {
    assertCaught(
        ChangedEngine.class,
        "tells_an_end_that_is_set_aside_again_and_holds_up_no_other",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                Exchange exchange = super.exchange(ends, claim);
                List<Lease> stale = new ArrayList<>(exchange.stale());
                stale.addAll(exchange.setAside());
                return new Exchange(exchange.claimed(), stale, List.of(), exchange.again());
              }
            });
  }

  @Test
  void a_store_that_sets_aside_ends_of_leases_that_do_not_hold_is_caught() {
    assertCaught(
        ChangedContract.class,
        "that_contradicts_an_earlier_one_of_the_same_lease_is_stale_and_changes_nothing",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                Exchange exchange = super.exchange(ends, claim);
                return new Exchange(
                    exchange.claimed(), List.of(), exchange.stale(), exchange.again());
              }
            });
  }

  @Test
  void a_store_that_knows_no_last_chance_is_caught() {
    assertCaught(
        ChangedContract.class,
        "run_one_at_a_time_on_each_node_and_keep_no_healthy_job_waiting",
        store ->
            new StoreDecorator(store) {
              @Override
              public Presence register(NodeInfo node, ServedWork serves, Duration lease) {
                return super.register(node, patient(serves), lease);
              }
            });
  }

  private static ServedWork patient(ServedWork serves) {
    Map<String, LeaseRules> rules = new HashMap<>();
    serves
        .rules()
        .forEach(
            (type, own) ->
                rules.put(
                    type, new LeaseRules(own.maxCrashes() + 1, own.maxLapses(), own.exclusive())));
    return new ServedWork(
        serves.queues(), serves.types(), rules, serves.capabilities(), serves.concurrency());
  }

  @Test
  void a_store_that_settles_lapses_at_once_is_caught() {
    assertCaught(
        ChangedLapses.class,
        "that_do_not_come_back_have_crashed_one_lease_later",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Lapse> lapses(Optional<Lease> after, int limit) {
                return super.lapses(after, limit).stream()
                    .map(
                        lapse -> new Lapse(lapse.lease(), lapse.heartbeats(), false, Duration.ZERO))
                    .toList();
              }
            });
  }

  @Test
  void a_store_that_never_settles_lapses_is_caught() {
    assertCaught(
        ChangedLapses.class,
        "that_do_not_come_back_have_crashed_one_lease_later",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Lapse> settle(List<Lapse> lapses) {
                return List.of();
              }
            });
  }

  @Test
  void a_store_that_counts_no_lapses_is_caught() {
    assertCaught(
        ChangedLapses.class,
        "by_default_ten_times",
        store ->
            new StoreDecorator(store) {
              @Override
              public List<Orphan> orphans(
                  Collection<Death> deaths, Optional<JobId> after, int limit) {
                return super.orphans(deaths, after, limit).stream()
                    .map(orphan -> withoutLapses(orphan))
                    .toList();
              }
            });
  }

  private static Orphan withoutLapses(Orphan orphan) {
    return new Orphan(
        orphan.lease(),
        orphan.type(),
        new History(orphan.history().crashes(), 0, 0),
        orphan.began(),
        orphan.alone(),
        orphan.said(),
        orphan.death());
  }

  @Test
  void a_store_that_accepts_contradictory_ends_is_caught() {
    assertCaught(
        ChangedContract.class,
        "that_contradicts_an_earlier_one_of_the_same_lease_is_stale_and_changes_nothing",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                return new Exchange(super.exchange(ends, claim).claimed(), List.of());
              }
            });
  }

  @Test
  void a_store_that_forgets_how_an_attempt_ended_is_caught() {
    assertCaught(
        ChangedContract.class,
        "is_remembered_by_its_kind_until_there_is_a_new_token",
        store ->
            new StoreDecorator(store) {
              @Override
              public Optional<AttemptEnd> endOf(Lease lease) {
                return Optional.empty();
              }
            });
  }

  @Test
  void a_store_that_takes_ends_from_any_node_is_caught() {
    assertCaught(
        ChangedContract.class,
        "in_the_name_of_another_node_is_stale_and_so_is_all_else_under_such_a_lease",
        store ->
            new StoreDecorator(store) {
              @Override
              public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
                return super.exchange(ends.stream().map(this::fromItsHolder).toList(), claim);
              }

              private Acknowledgement fromItsHolder(Acknowledgement end) {
                Lease lease = end.lease();
                NodeId holder =
                    find(lease.job())
                        .flatMap(Job::holder)
                        .map(Job.Holder::node)
                        .orElse(lease.node());
                return new Acknowledgement(
                    new Lease(lease.job(), lease.token(), lease.attempt(), holder),
                    end.transition(),
                    end.ran(),
                    end.notes());
              }
            });
  }

  /** The test of the rule passes with the store, and fails with the mutant. */
  private static void assertCaught(Class<?> tests, String rule, UnaryOperator<JobStore> mutant) {
    assertThat(failures(tests, rule, store -> store)).as("failures without the mutant").isEmpty();
    assertThat(failures(tests, rule, mutant)).as("failures with the mutant").containsExactly(rule);
  }

  private static Set<String> failures(
      Class<?> tests, String rule, UnaryOperator<JobStore> changing) {
    Set<String> run = new TreeSet<>();
    Set<String> failed = new TreeSet<>();
    PostDiscoveryFilter only =
        found -> FilterResult.includedIf(method(found.getSource()).map(rule::equals).orElse(true));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(tests))
            .filters(only)
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
            .build();
    CHANGE.set(changing);
    try {
      LauncherFactory.create()
          .execute(
              request,
              new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                  Optional<String> method = method(test.getSource());
                  method.ifPresent(run::add);
                  result.getThrowable().ifPresent(failure -> method.ifPresent(failed::add));
                }
              });
    } finally {
      CHANGE.set(store -> store);
    }
    assertThat(run).as("tests that were run").containsExactly(rule);
    return failed;
  }

  private static Optional<String> method(Optional<TestSource> source) {
    return source
        .filter(MethodSource.class::isInstance)
        .map(found -> ((MethodSource) found).getMethodName());
  }
}
