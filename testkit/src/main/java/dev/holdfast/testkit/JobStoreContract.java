package dev.holdfast.testkit;

import dev.holdfast.spi.JobStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/**
 * The specification of {@link JobStore}: a store is correct if a test class of its own extends this
 * one and passes.
 *
 * <pre>{@code
 * final class MyJobStoreTest extends JobStoreContract {
 *   protected StoreUnderTest storeUnderTest(Path folder) {
 *     return new MyStoreUnderTest(folder.resolve("jobs"));
 *   }
 * }
 * }</pre>
 *
 * <p>It has chapters, {@code StoreContractOf…}, each of which runs alone: {@code
 * -Dtest='*$Limits*'}. A store that is slow to test has one class for each {@link Part} instead, so
 * that they run in parallel, each in a JVM of its own.
 *
 * <p>The tags name the requirements.
 */
public abstract class JobStoreContract {
  /**
   * Returns the store to test. Called once for each test; nothing is shared between tests.
   *
   * @param folder an empty folder of this test alone, removed after it
   */
  protected abstract StoreUnderTest storeUnderTest(Path folder);

  /** Some chapters of the contract, about one subject. */
  public abstract static class Part {
    Part() {}

    /** Returns the store to test, as {@link JobStoreContract#storeUnderTest} does. */
    protected abstract StoreUnderTest storeUnderTest(Path folder);
  }

  /** Chapters about jobs: their states, dependencies and signals, and how they are read. */
  public abstract static class AboutJobs extends Part {
    @Nested
    class Work extends StoreContractOfWork {}

    @Nested
    class Dependencies extends StoreContractOfDependencies {}

    @Nested
    class Signals extends StoreContractOfSignals {}

    @Nested
    class Steps extends StoreContractOfSteps {}

    @Nested
    class Replacing extends StoreContractOfReplacing {}

    @Nested
    class Reading extends StoreContractOfReading {}

    @Nested
    class Search extends StoreContractOfSearch {}

    @Nested
    class Fields extends StoreContractOfFields {}
  }

  /** Chapters about limits of queues, types and groups, and claims among many jobs. */
  public abstract static class AboutLimits extends Part {
    @Nested
    class Limits extends StoreContractOfLimits {}

    @Nested
    class Lanes extends StoreContractOfLanes {}

    @Nested
    class LastChances extends StoreContractOfLastChances {}
  }

  /** Chapters about queues: their settings, claim order, and schedules. */
  public abstract static class AboutQueues extends Part {
    @Nested
    class Queues extends StoreContractOfQueues {}

    @Nested
    class Orders extends StoreContractOfOrders {}

    @Nested
    class Schedules extends StoreContractOfSchedules {}
  }

  /** Chapters about nodes, operators, the store as a whole, and webhooks. */
  public abstract static class AboutOperations extends Part {
    @Nested
    class Nodes extends StoreContractOfNodes {}

    @Nested
    class Operators extends StoreContractOfOperators {}

    @Nested
    class Bulk extends StoreContractOfBulk {}

    @Nested
    class Recovery extends StoreContractOfRecovery {}

    @Nested
    class Records extends StoreContractOfRecords {}

    @Nested
    class Access extends StoreContractOfAccess {}

    @Nested
    class Webhooks extends StoreContractOfWebhooks {}

    @Nested
    class Insights extends StoreContractOfInsights {}

    @Nested
    class Recoveries extends StoreContractOfRecoveries {}

    @Nested
    class Failures extends StoreContractOfFailures {}

    @Nested
    class TimeSeries extends StoreContractOfTimeSeries {}

    @Nested
    class Upkeep extends StoreContractOfUpkeep {}
  }

  @Nested
  final class Of_jobs extends AboutJobs {
    @Override
    protected StoreUnderTest storeUnderTest(Path folder) {
      return JobStoreContract.this.storeUnderTest(folder);
    }
  }

  @Nested
  final class Of_limits extends AboutLimits {
    @Override
    protected StoreUnderTest storeUnderTest(Path folder) {
      return JobStoreContract.this.storeUnderTest(folder);
    }
  }

  @Nested
  final class Of_queues extends AboutQueues {
    @Override
    protected StoreUnderTest storeUnderTest(Path folder) {
      return JobStoreContract.this.storeUnderTest(folder);
    }
  }

  @Nested
  final class Of_operations extends AboutOperations {
    @Override
    protected StoreUnderTest storeUnderTest(Path folder) {
      return JobStoreContract.this.storeUnderTest(folder);
    }
  }
}
