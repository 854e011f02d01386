package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shop during development: devtools restarts it when a file on its class path changes. */
@Tag("slow")
@Tag("R-62")
class DevtoolsTest {
  private static final String STARTED = "Node 'shop' started.";
  private static final String ENDED = "Node 'shop' ended.";
  private static final int RESTARTS = 2;

  @TempDir Path folder;

  private static int times(String text, String in) {
    return in.split(java.util.regex.Pattern.quote(text), -1).length - 1;
  }

  @Test
  void a_restart_ends_the_old_node_and_starts_one_that_works() throws Exception {
    String url = TestDatabase.fresh();
    try (ShopProcess shop = ShopProcess.start(ShopApplication.class, folder, url)) {
      shop.await("the shop has started", () -> times(STARTED, shop.log()) == 1);
      for (int restart = 1; restart <= RESTARTS; restart++) {
        int number = restart;
        Files.writeString(folder.resolve("classes/changed-" + restart + ".txt"), "changed");
        shop.await("the shop has restarted", () -> times(STARTED, shop.log()) == number + 1);
        assertThat(times(ENDED, shop.log())).isEqualTo(number);
      }

      try (Holdfast queue = Holdfast.open(url)) {
        JobId id = queue.enqueue(NewJob.of("invoice", new Invoice(1, "ada"))).id();
        assertThat(queue.await(id, Duration.ofMinutes(1)).get().state())
            .isEqualTo(JobState.COMPLETED);
        assertThat(queue.queue().status().nodes()).hasSize(1);
      }
    }
  }
}
