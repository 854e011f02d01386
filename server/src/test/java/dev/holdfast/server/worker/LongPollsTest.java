package dev.holdfast.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.MovableTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-31")
class LongPollsTest {
  private final MovableTime time = new MovableTime();
  private final LongPolls polls = new LongPolls(new MemoryJobStore(time), time);

  private CompletableFuture<Exchange> claim() {
    NodeId node = new NodeId(new UUID(0, 1));
    return polls.join(new Claim(node, List.of(), Set.of("mail"), 1), Duration.ofMinutes(1));
  }

  @Test
  void answer_no_claim_before_there_is_work() {
    CompletableFuture<Exchange> claim = claim();

    var unused = polls.run();

    assertThat(claim).isNotDone();
  }

  @Test
  void answer_all_claims_when_they_end_and_each_one_after_that() {
    CompletableFuture<Exchange> before = claim();

    polls.close();

    assertThat(before.join().claimed()).isEmpty();
    assertThat(claim()).isDone();
  }
}
