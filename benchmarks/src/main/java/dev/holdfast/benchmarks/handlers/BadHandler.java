package dev.holdfast.benchmarks.handlers;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** A handler that misbehaves, with the expected end of its job. */
enum BadHandler {
  NEVER_RETURNS(JobState.FAILED, Failure.Kind.TIMEOUT) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      while (true) {
        LockSupport.park();
        boolean unused = Thread.interrupted(); // else it would spin
      }
    }

    @Override
    boolean isUnresponsive() {
      return true;
    }
  },
  SWALLOWS_INTERRUPTS(JobState.FAILED, Failure.Kind.TIMEOUT) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      while (true) {
        try {
          TimeUnit.HOURS.sleep(1);
        } catch (InterruptedException swallowed) {
          // that is the point
        }
      }
    }

    @Override
    boolean isUnresponsive() {
      return true;
    }
  },
  WAITS_FOR_A_LOCK_THAT_IS_NEVER_FREED(JobState.FAILED, Failure.Kind.TIMEOUT) {
    @Override
    Object run(JobContext job, Holdfast queue) throws InterruptedException {
      ReentrantLock lock = new ReentrantLock();
      CountDownLatch held = new CountDownLatch(1);
      daemon(
          () -> {
            lock.lock();
            held.countDown();
            parkForEver();
          });
      while (held.getCount() > 0) {
        Thread.onSpinWait(); // its timeout may come earlier and must not end it
      }
      lock.lock(); // ignores interrupts
      return "never";
    }

    @Override
    boolean isUnresponsive() {
      return true;
    }
  },
  ANSWERS_AFTER_ITS_TIME(JobState.FAILED, Failure.Kind.TIMEOUT) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      try {
        TimeUnit.HOURS.sleep(1);
      } catch (InterruptedException late) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
      return "late";
    }
  },
  BLOCKS_ITS_CALLBACK(JobState.FAILED, Failure.Kind.TIMEOUT) {
    @Override
    Object run(JobContext job, Holdfast queue) throws InterruptedException {
      job.onCancel(BadHandler::parkForEver);
      TimeUnit.HOURS.sleep(1);
      return "never";
    }
  },
  THROWS(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      throw new IllegalStateException("no");
    }
  },
  THROWS_AN_ERROR(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      throw new AssertionError("no");
    }
  },
  THROWS_NULL(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      RuntimeException none = null;
      throw none;
    }
  },
  THROWS_AN_INTERRUPT_OF_ITS_OWN(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) throws InterruptedException {
      throw new InterruptedException("nobody asked");
    }
  },
  THROWS_WHAT_CANNOT_BE_READ(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      throw new Unreadable();
    }
  },
  THROWS_TEN_MEGABYTES(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      throw new IllegalStateException("x".repeat(10 << 20));
    }
  },
  RUNS_OUT_OF_MEMORY(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      long[][] all = new long[1 << 10][];
      for (int i = 0; i < all.length; i++) {
        all[i] = new long[1 << 28];
      }
      return all.length;
    }
  },
  OVERFLOWS_ITS_STACK(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      return deeper(0);
    }

    private int deeper(int depth) {
      return depth < 0 ? depth : deeper(depth + 1) + 1;
    }
  },
  RETURNS_A_HUNDRED_MEGABYTES(JobState.FAILED, Failure.Kind.NOT_RETRYABLE) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      return "x".repeat(100 << 20);
    }
  },
  RETURNS_A_CYCLE(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      List<Object> cycle = new ArrayList<>();
      cycle.add(cycle);
      return cycle;
    }
  },
  RETURNS_A_NEGATIVE_DELAY(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      return Outcome.snooze(Duration.ofSeconds(-1));
    }
  },
  SNOOZES_FOR_EVER(JobState.SCHEDULED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      return Outcome.snooze(Duration.ofHours(1));
    }
  },
  LEAKS_THREADS(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      for (int i = 0; i < 20; i++) {
        daemon(BadHandler::parkForEver);
      }
      return "leaked";
    }
  },
  LOGS_A_HUNDRED_THOUSAND_LINES(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      for (int i = 0; i < 100_000; i++) {
        job.log("line " + i);
      }
      return "said";
    }
  },
  LOGS_A_MEGABYTE_IN_A_LINE(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      job.log(Level.WARN, "x".repeat(1 << 20), Map.of());
      return "said";
    }
  },
  REPORTS_A_MILLION_TIMES(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      for (int i = 0; i < 1_000_000; i++) {
        job.progress(i / 10_000, "at " + i);
      }
      return "reported";
    }
  },
  REPORTS_A_THOUSAND_PERCENT(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      job.progress(1_000, "more than all");
      return "reported";
    }
  },
  INTERRUPTS_ITSELF(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  },
  INTERRUPTS_EVERYONE(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      Thread[] all = new Thread[1_000];
      int count = Thread.currentThread().getThreadGroup().enumerate(all);
      for (int i = 0; i < count; i++) {
        if (all[i].getName().startsWith("holdfast") && !all[i].getName().contains("handler")) {
          all[i].interrupt();
        }
      }
      return "interrupted";
    }
  },
  CHANGES_ITS_THREAD(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      Thread self = Thread.currentThread();
      self.setName("mine");
      self.setContextClassLoader(null);
      self.setUncaughtExceptionHandler((thread, failure) -> parkForEver());
      return "changed";
    }
  },
  LEAVES_ITS_DIAGNOSTICS(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      MDC.put("left", "behind");
      return "left";
    }
  },
  CANCELS_ITSELF(JobState.CANCELLED) {
    @Override
    Object run(JobContext job, Holdfast queue) throws InterruptedException {
      queue.queue().cancel(List.of(job.id()), "itself");
      TimeUnit.HOURS.sleep(1);
      return "never";
    }
  },
  DELETES_ITSELF(JobState.COMPLETED) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      return queue.queue().delete(List.of(job.id())).get(0).done();
    }
  },
  SAVES_TWO_MEGABYTES(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      job.checkpoint("large", "x".repeat(2 << 20));
      return "saved";
    }
  },
  COMPLETES_IN_NO_TRANSACTION(JobState.FAILED, Failure.Kind.ERROR) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      job.completeIn(new Transaction() {}, "done");
      return "done";
    }
  },
  GETS_A_PAYLOAD_THAT_DOES_NOT_FIT(JobState.FAILED, Failure.Kind.PAYLOAD) {
    @Override
    Object run(JobContext job, Holdfast queue) {
      return "never called";
    }

    @Override
    NewJob job() {
      return NewJob.of(type(), Map.of("no", "number"));
    }
  };

  /** An exception whose message cannot be read. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  private static final Duration TOO_SHORT = Duration.ofSeconds(1);
  private static final Duration ENOUGH_ANYWHERE = Duration.ofMinutes(2);

  private final JobState end;
  private final Optional<Failure.Kind> kind;

  BadHandler(JobState end) {
    this.end = end;
    this.kind = Optional.empty();
  }

  BadHandler(JobState end, Failure.Kind kind) {
    this.end = end;
    this.kind = Optional.of(kind);
  }

  /** Misbehaves. */
  abstract Object run(JobContext job, Holdfast queue) throws Exception;

  /** Returns whether its thread never returns. */
  boolean isUnresponsive() {
    return false;
  }

  String type() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Creates a job for it, with two attempts if a retry is worth waiting for. */
  NewJob job() {
    return NewJob.of(type(), 1).maxAttempts(isUnresponsive() ? 1 : 2);
  }

  void handleBy(Holdfast holdfast) {
    holdfast.handle(type(), Integer.class, (payload, job) -> run(job, holdfast), policy());
  }

  private HandlerPolicy policy() {
    boolean isMeantToBeLate = kind.equals(Optional.of(Failure.Kind.TIMEOUT));
    return HandlerPolicy.defaults()
        .timeout(isMeantToBeLate ? TOO_SHORT : ENOUGH_ANYWHERE)
        .retry(RetryPolicy.fixed(Duration.ofMillis(50)));
  }

  /** Returns the final state of its job. */
  JobState end() {
    return end;
  }

  /** Returns the kind of its failure, if it fails. */
  Optional<Failure.Kind> kind() {
    return kind;
  }

  private static void daemon(Runnable body) {
    Thread thread = new Thread(body, "leaked");
    thread.setDaemon(true);
    thread.start();
  }

  private static void parkForEver() {
    while (true) {
      LockSupport.park();
      boolean unused = Thread.interrupted();
    }
  }
}
