package dev.holdfast.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.spi.GroupCommit.WorkFailedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GroupCommitTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<Integer>> groups =
      new ArrayList<>(); // written by one committer at a time

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void commits_the_work_of_a_single_caller_on_its_own_thread() {
    List<Thread> committers = new ArrayList<>();
    GroupCommit<Integer> commit =
        new GroupCommit<>(10, works -> committers.add(Thread.currentThread()));

    commit.commit(1);

    assertThat(committers).containsExactly(Thread.currentThread());
  }

  @Test
  void commits_every_work_once_and_never_two_groups_at_the_same_time() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    GroupCommit<Integer> commit =
        new GroupCommit<>(
            16,
            works -> {
              assertThat(inside.incrementAndGet()).isEqualTo(1);
              groups.add(List.copyOf(works));
              inside.decrementAndGet();
            });
    int callers = 8;
    int each = 2_000;

    List<Future<?>> answers = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int first = caller * each;
      answers.add(
          threads.submit(
              () -> {
                for (int i = 0; i < each; i++) {
                  commit.commit(first + i);
                }
              }));
    }
    for (Future<?> answer : answers) {
      answer.get();
    }

    Set<Integer> distinct = new HashSet<>();
    groups.forEach(distinct::addAll);
    assertThat(distinct).hasSize(callers * each);
    assertThat(groups.stream().mapToInt(List::size).sum()).isEqualTo(callers * each);
    assertThat(groups).allMatch(group -> group.size() <= 16);
  }

  @Test
  void puts_what_arrives_during_a_commit_into_the_next_group() throws Exception {
    Blocked blocked = new Blocked();
    GroupCommit<Integer> commit = blocked.commit(3);

    Future<?> leader = threads.submit(() -> commit.commit(0));
    blocked.entered.await();
    List<Future<?>> others = new ArrayList<>();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      others.add(submitAndAwaitParked(commit, i, waiting));
    }
    blocked.goOn.countDown();
    leader.get();
    for (Future<?> other : others) {
      other.get();
    }

    assertThat(groups).containsExactly(List.of(0), List.of(1, 2, 3), List.of(4, 5));
  }

  @Test
  void tells_only_the_caller_whose_work_is_at_fault() throws Exception {
    Blocked blocked = new Blocked();
    GroupCommit<Integer> commit =
        new GroupCommit<>(
            10,
            works -> {
              blocked.enter();
              if (works.contains(13)) {
                throw new WorkFailedException(
                    works.indexOf(13), new IllegalArgumentException("13 is no good"));
              }
              groups.add(List.copyOf(works));
            });

    Future<?> leader = threads.submit(() -> commit.commit(0));
    blocked.entered.await();
    List<Thread> waiting = new ArrayList<>();
    Future<?> good = submitAndAwaitParked(commit, 1, waiting);
    Future<?> bad = submitAndAwaitParked(commit, 13, waiting);
    Future<?> alsoGood = submitAndAwaitParked(commit, 2, waiting);
    blocked.goOn.countDown();

    leader.get();
    good.get();
    alsoGood.get();
    assertThatThrownBy(bad::get).hasRootCauseMessage("13 is no good");
    assertThat(groups).containsExactly(List.of(0), List.of(1, 2));
  }

  @Test
  void tells_every_caller_of_a_group_that_failed_as_a_whole_and_goes_on() {
    AtomicInteger calls = new AtomicInteger();
    GroupCommit<Integer> commit =
        new GroupCommit<>(
            10,
            works -> {
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("disk full");
              }
            });

    assertThatThrownBy(() -> commit.commit(1)).hasMessage("disk full");
    commit.commit(2);

    assertThat(calls).hasValue(2);
  }

  @Test
  void is_not_ended_by_an_interrupt_and_hands_it_on() throws Exception {
    Blocked blocked = new Blocked();
    GroupCommit<Integer> commit = blocked.commit(10);
    Future<?> leader = threads.submit(() -> commit.commit(0));
    blocked.entered.await();
    List<Thread> waiting = new ArrayList<>();
    AtomicInteger interrupted = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(1);
    Future<?> other =
        threads.submit(
            () -> {
              waiting.add(Thread.currentThread());
              started.countDown();
              commit.commit(1);
              interrupted.addAndGet(Thread.interrupted() ? 1 : 0);
            });
    started.await();

    waiting.get(0).interrupt();
    awaitParked(waiting.get(0));
    assertThat(other.isDone()).isFalse();
    blocked.goOn.countDown();
    leader.get();
    other.get();

    assertThat(interrupted).hasValue(1);
    assertThat(groups).containsExactly(List.of(0), List.of(1));
  }

  /** The first group waits within its commit. */
  private final class Blocked {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private GroupCommit<Integer> commit(int groupMax) {
      return new GroupCommit<>(
          groupMax,
          works -> {
            enter();
            groups.add(List.copyOf(works));
          });
    }

    private void enter() {
      entered.countDown();
      try {
        goOn.await();
      } catch (InterruptedException end) {
        throw new IllegalStateException(end);
      }
    }
  }

  private Future<?> submitAndAwaitParked(
      GroupCommit<Integer> commit, int work, List<Thread> waiting) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Future<?> answer =
        threads.submit(
            () -> {
              waiting.add(Thread.currentThread());
              started.countDown();
              commit.commit(work);
            });
    started.await();
    awaitParked(waiting.get(waiting.size() - 1));
    return answer;
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
