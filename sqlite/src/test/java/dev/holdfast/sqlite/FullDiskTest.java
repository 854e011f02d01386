package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.error.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full for a while: nothing is lost, and no restart is needed afterwards. */
@Tag("R-58")
@Timeout(120)
final class FullDiskTest {
  private static final int DISK_MEGABYTES = 6;
  private static final int RUNNING = 4;
  private static final String LARGE = "x".repeat(20_000);

  @TempDir private Path folder;
  private SmallDisk disk;
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(RUNNING);

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(folder, DISK_MEGABYTES);
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void all_jobs_are_done_once_there_is_space_again() throws Exception {
    try (Holdfast holdfast = open()) {
      holdfast.handle("slow", String.class, (payload, job) -> wait(payload));
      holdfast.handle("quick", String.class, (payload, job) -> payload.length());
      holdfast.start();
      List<JobId> acknowledged = new ArrayList<>();
      for (int i = 0; i < RUNNING; i++) {
        acknowledged.add(holdfast.enqueue(NewJob.of("slow", LARGE)).id());
      }
      begun.await();

      disk.fill();
      enqueueUntilFull(holdfast, acknowledged);
      goOn.countDown(); // four attempts end while nothing can be written
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> holdfast.enqueue(NewJob.of("quick", LARGE.repeat(10))))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("is full");
      }
      assertThatThrownBy(() -> holdfast.embedding().store().maintenance().checkReady())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("is full");
      assertThat(othersCanLock()).as("the file is not locked").isTrue();
      disk.makeRoom();
      holdfast.embedding().store().maintenance().checkReady();

      acknowledged.add(holdfast.enqueue(NewJob.of("quick", LARGE)).id());
      for (JobId id : acknowledged) {
        assertThat(holdfast.await(id, Duration.ofMinutes(1)).get().state())
            .isEqualTo(JobState.COMPLETED);
      }
      assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(500)).items())
          .as("nothing was made but what was acknowledged")
          .extracting(Job::id)
          .containsExactlyInAnyOrderElementsOf(acknowledged);
      assertThat(holdfast.queue().maintenance().examine())
          .extracting(finding -> finding.code())
          .containsOnly("disk-nearly-full");
    }
  }

  private static void enqueueUntilFull(Holdfast holdfast, List<JobId> acknowledged) {
    assertThatThrownBy(
            () -> {
              while (true) {
                acknowledged.add(holdfast.enqueue(NewJob.of("quick", LARGE)).id());
              }
            })
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is full");
  }

  private boolean othersCanLock() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + file() + "?busy_timeout=5000");
        Statement statement = connection.createStatement()) {
      statement.execute("begin immediate");
      statement.execute("rollback");
      return true;
    }
  }

  private int wait(String payload) throws InterruptedException {
    begun.countDown();
    goOn.await();
    return payload.length();
  }

  private Holdfast open() {
    return Holdfast.open(file().toString());
  }

  private Path file() {
    return disk.root().resolve("jobs.db");
  }
}
