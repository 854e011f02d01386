package dev.holdfast.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Receives the body of a response as text, up to a limit: a longer one is not read to its end, and
 * its connection is closed. Called by one thread at a time.
 */
final class BoundedText implements BodySubscriber<String> {
  private final BodySubscriber<String> text = BodySubscribers.ofString(UTF_8);
  private final int bytesMax;
  private long received;
  private Flow.@Nullable Subscription source;

  private BoundedText(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Returns a handler for at most this many bytes; with more, the exchange fails with {@link
   * TooLong}.
   */
  static BodyHandler<String> upTo(int bytesMax) {
    return answer -> new BoundedText(bytesMax);
  }

  /** Thrown if the body exceeds the limit. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(int bytesMax) {
      super("more than %,d bytes".formatted(bytesMax));
    }
  }

  @Override
  public CompletionStage<String> getBody() {
    return text.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    text.onSubscribe(subscription);
  }

  /** Receives a part; parts after the limit was exceeded are discarded. */
  @Override
  public void onNext(List<ByteBuffer> parts) {
    boolean wasTooLong = received > bytesMax;
    received += parts.stream().mapToLong(ByteBuffer::remaining).sum();
    if (received <= bytesMax) {
      text.onNext(parts);
    } else if (!wasTooLong && source != null) {
      source.cancel();
      text.onError(new TooLong(bytesMax));
    }
  }

  @Override
  public void onError(Throwable failure) {
    text.onError(failure);
  }

  @Override
  public void onComplete() {
    text.onComplete();
  }
}
