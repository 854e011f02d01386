package dev.holdfast.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of a module's tests: discarded, except while one of them listens. It is active in modules
 * whose test resources name it as the service {@code org.slf4j.spi.SLF4JServiceProvider}.
 */
public final class LogMemory implements SLF4JServiceProvider {
  private static volatile @Nullable List<String> heard;

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();

  /** Runs {@code action}, and returns what was logged meanwhile: level and message. */
  static List<String> during(Runnable action) {
    List<String> lines = new ArrayList<>();
    heard = lines;
    try {
      action.run();
    } finally {
      heard = null;
    }
    return lines;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> new MemoryLogger();
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}

  private static final class MemoryLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return heard != null;
    }

    @Override
    public boolean isWarnEnabled() {
      return heard != null;
    }

    @Override
    public boolean isErrorEnabled() {
      return heard != null;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
      return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level,
        Marker marker,
        String message,
        Object @Nullable [] arguments,
        @Nullable Throwable failure) {
      List<String> listener = heard;
      if (listener != null) {
        listener.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
      }
    }
  }
}
