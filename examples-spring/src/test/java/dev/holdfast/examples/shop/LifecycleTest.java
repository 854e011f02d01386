package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.spring.HandlesJob;
import dev.holdfast.testkit.process.Eventually;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Starts and stops of contexts. */
@Tag("slow")
@Tag("R-62")
class LifecycleTest {

  private static ConfigurableApplicationContext start(String url, Class<?>... more) {
    return new SpringApplicationBuilder(ShopApplication.class)
        .sources(more)
        .web(WebApplicationType.NONE)
        .run(
            "--spring.datasource.url=" + url,
            "--spring.datasource.username=postgres",
            "--holdfast.node.poll-interval=50ms");
  }

  /** Threads of the JVM and of drivers stay; ours and those of pools must not. */
  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("holdfast") || name.contains("Hikari"))
        .collect(Collectors.toSet());
  }

  @Test
  void contexts_that_come_and_go_leave_nothing_behind() {
    String url = TestDatabase.fresh();
    Set<String> before = threads();
    for (int round = 0; round < 3; round++) {
      try (ConfigurableApplicationContext context = start(url)) {
        Holdfast holdfast = context.getBean(Holdfast.class);
        assertThat(holdfast.queue().status().nodes()).hasSize(1);
      }
    }

    Eventually.is("the threads have ended", () -> before.containsAll(threads()));
    try (Holdfast queue = Holdfast.open(url)) {
      assertThat(queue.queue().status().nodes()).as("all have left in order").isEmpty();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Slow {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    private final DataSource dataSource;

    Slow(DataSource dataSource) {
      this.dataSource = dataSource;
    }

    @HandlesJob("slow")
    long slow() throws InterruptedException {
      BEGUN.countDown();
      Eventually.pass(java.time.Duration.ofMillis(700));
      return JdbcClient.create(dataSource).sql("select 42").query(Long.class).single();
    }
  }

  @Test
  void a_stop_waits_for_handlers_which_still_have_their_beans() throws Exception {
    String url = TestDatabase.fresh();
    try (ConfigurableApplicationContext context = start(url, Slow.class)) {
      context.getBean(JobQueue.class).enqueue(NewJob.of("slow", null));
      Slow.BEGUN.await();
    }

    try (Holdfast queue = Holdfast.open(url)) {
      assertThat(queue.queue().list(JobFilter.all(), PageRequest.first(10)).items())
          .singleElement()
          .matches(job -> job.state() == JobState.COMPLETED)
          .matches(job -> job.result().equals(java.util.Optional.of("42")));
    }
  }
}
