package dev.holdfast.server.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.error.StorageException;
import dev.holdfast.http.Json;
import dev.holdfast.server.access.Gate;
import dev.holdfast.server.access.OpenAnswers;
import dev.holdfast.server.access.Permission;
import dev.holdfast.server.access.Sessions;
import dev.holdfast.server.access.SigningKeys;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

@Tag("R-44")
class RequestPipelineTest {
  private static final String ID = "e-1";

  private final MovableTime time = new MovableTime();
  private final MemoryJobStore store = new MemoryJobStore(time);
  private final Logger logger = (Logger) LoggerFactory.getLogger(RequestPipeline.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  /** A scheduler that does nothing, as nothing waits in these tests. */
  private static final class NoScheduler implements Scheduler {
    @Override
    public Task schedule(String name, Duty duty) {
      return Task.NONE;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(logged);
  }

  private Answer.Now answerTo(RuntimeException failure) {
    Route route =
        Route.of(
                Method.GET,
                "/x",
                exchange -> {
                  throw failure;
                })
            .needs(Permission.NONE);
    Gate gate = new Gate(store.server().tokens(), true, time);
    RequestPipeline requestPipeline =
        new RequestPipeline(
            new RouteTable(List.of(route)),
            gate,
            new Sessions(
                new SigningKeys(store.server().leaseKeys(), time),
                time,
                () -> 0,
                false,
                Optional.empty()),
            new OpenAnswers(gate, new NoScheduler()),
            new Hosts(Set.of(), Optional.empty(), false),
            store.server().audit(),
            () -> ID);
    Head head =
        new Head(
            "GET",
            "/x",
            "",
            0,
            true,
            name -> name.equals("Host") ? Optional.of("localhost") : Optional.empty());
    return (Answer.Now) requestPipeline.answer(requestPipeline.admit(head), new byte[0]);
  }

  private void isLoggedUnderTheIdOf(Answer.Now answer, RuntimeException failure) {
    JsonNode problem = Json.read("answer", UTF_8.decode(answer.body().duplicate()).toString());
    assertThat(answer.status()).isEqualTo(500);
    assertThat(problem.get("id").asString()).isEqualTo(ID);
    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.get(0).getFormattedMessage())
        .contains(ID, failure.getClass().getName(), failure.getMessage());
    assertThat(logged.list.get(0).getThrowableProxy().getStackTraceElementProxyArray())
        .isNotEmpty();
  }

  @Test
  void a_bug_is_logged_with_its_class_and_trace_under_the_id_of_the_answer() {
    RuntimeException bug = new IllegalStateException("boom");

    Answer.Now answer = answerTo(bug);

    isLoggedUnderTheIdOf(answer, bug);
    assertThat(UTF_8.decode(answer.body().duplicate()).toString()).doesNotContain("boom");
  }

  @Test
  void a_failure_of_the_database_is_logged_too() {
    RuntimeException failure = new StorageException("the disk is full");

    isLoggedUnderTheIdOf(answerTo(failure), failure);
  }
}
