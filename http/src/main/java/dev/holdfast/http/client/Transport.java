package dev.holdfast.http.client;

import dev.holdfast.BusyException;
import dev.holdfast.ConflictException;
import dev.holdfast.HoldfastException;
import dev.holdfast.NotFoundException;
import dev.holdfast.StoreUnavailableException;
import dev.holdfast.http.client.Trial.Sequel;
import dev.holdfast.spi.TimeSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends requests, and repeats those that can be, for as long as the patience lasts. Safe from any
 * thread. Whatever the server does, each sending ends within the limits of the configuration.
 */
final class Transport {
  private static final Duration PAUSE_MIN = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
  private static final double JITTER = 0.2;

  /** An answer has begun within its time; its body may take as long again, and so much more. */
  private static final Duration BODY_EXTRA = Duration.ofSeconds(5);

  private final ClientConfig config;
  private final TimeSource time;
  private final HttpClient client;
  private volatile boolean isClosed;

  Transport(ClientConfig config, TimeSource time) {
    this.config = config;
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Sends no more. */
  void close() {
    isClosed = true;
  }

  /** What the server answers; empty if there is no such thing. */
  <T> Optional<T> ifThere(Request request, Function<Reply, T> read) {
    try {
      return Optional.of(read.apply(call(request)));
    } catch (NotFoundException none) {
      return Optional.empty();
    }
  }

  /** Sends a request and waits for the reply. */
  Reply call(Request request) {
    CompletableFuture<Reply> reply = send(request);
    try {
      return reply.get();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(
          "interrupted before the server at %s answered: a write under way may have happened"
              .formatted(config.server()),
          hurry);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof HoldfastException known) {
        throw (HoldfastException) known.fillInStackTrace(); // the caller's, which tells more
      }
      throw new IllegalStateException("a request failed: a bug", failure.getCause());
    }
  }

  /** Sends a request; the future fails with a {@link HoldfastException} and nothing else. */
  CompletableFuture<Reply> send(Request request) {
    return attempt(request, new Patience(time.ticks()));
  }

  /**
   * The sendings of one request.
   *
   * @param begin when the first was, in ticks
   * @param tries how many there were
   * @param mayHaveHappened whether one of them may have done what it was to do
   */
  private record Patience(long begin, int tries, boolean mayHaveHappened) {
    Patience(long begin) {
      this(begin, 0, false);
    }

    Patience after(Trial trial) {
      return new Patience(begin, tries + 1, mayHaveHappened || trial.sequel() == Sequel.UNKNOWN);
    }
  }

  private CompletableFuture<Reply> attempt(Request request, Patience patience) {
    if (isClosed) {
      return CompletableFuture.failedFuture(
          new ConflictException("this client was closed: make another"));
    }
    return exchange(request)
        .handle(
            (answer, thrown) ->
                thrown == null
                    ? Trial.of(config.server().toString(), answer)
                    : Trial.of(config.server().toString(), cause(thrown)))
        .thenCompose(trial -> concluded(request, trial, patience.after(trial)));
  }

  private CompletableFuture<Reply> concluded(Request request, Trial trial, Patience patience) {
    if (trial.reply().isPresent()) {
      return CompletableFuture.completedFuture(trial.reply().get());
    }
    boolean mayRepeat =
        switch (trial.sequel()) {
          case UNTOUCHED -> true;
          case UNKNOWN -> request.repeat() == Request.Repeat.ALWAYS;
          case REFUSED -> false;
        };
    Duration pause = pause(trial, patience.tries());
    Duration waited = Duration.ofNanos(time.ticks() - patience.begin());
    if (!mayRepeat || isClosed || waited.plus(pause).compareTo(config.patience()) > 0) {
      return CompletableFuture.failedFuture(failure(trial, patience));
    }
    Executor later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.supplyAsync(() -> request, later)
        .thenCompose(again -> attempt(again, patience));
  }

  /** "Nothing was changed" is true of the last sending alone. */
  private HoldfastException failure(Trial trial, Patience patience) {
    HoldfastException last = trial.failure().orElseThrow();
    boolean isInDoubt = patience.mayHaveHappened() && trial.sequel() == Sequel.UNTOUCHED;
    if (isInDoubt && (last instanceof BusyException || last instanceof StoreUnavailableException)) {
      return new StoreUnavailableException(
          "the server at %s did not answer the first of %d tries, which may have happened; of the last: %s"
              .formatted(config.server(), patience.tries(), last.getMessage()),
          last);
    }
    return last;
  }

  private static Duration pause(Trial trial, int tries) {
    long doubled = PAUSE_MIN.toMillis() << Math.min(tries - 1, 10);
    double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    Duration own = Duration.ofMillis(Math.round(Math.min(doubled, PAUSE_MAX.toMillis()) * jitter));
    return own.compareTo(trial.pause()) > 0 ? own : trial.pause();
  }

  /** One sending, which ends in time: a client of the JDK waits for a body for ever. */
  private CompletableFuture<HttpResponse<String>> exchange(Request request) {
    Duration head = config.requestTimeout().plus(request.extra());
    Duration whole = head.plus(config.requestTimeout()).plus(BODY_EXTRA);
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(http(request, head), BoundedText.upTo(config.answerBytesMax()));
    return exchange
        .copy()
        .orTimeout(whole.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                exchange.cancel(true);
              }
            });
  }

  private HttpRequest http(Request request, Duration limit) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(URI.create(config.base() + "/api/v1" + request.path()))
            .timeout(limit)
            .header("Accept", "application/json, application/problem+json")
            .method(
                request.method(),
                request.body().map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    config.token().ifPresent(token -> http.header("Authorization", "Bearer " + token));
    request.body().ifPresent(json -> http.header("Content-Type", "application/json"));
    return http.build();
  }

  /** What a stage of a future wraps. */
  static Throwable cause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }
}
