package dev.holdfast.cli.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Formats an event as one line for people, followed by the stack trace if traces are shown. */
final class TextLine {
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

  private final PatternLayout layout = new PatternLayout();
  private final boolean showsTraces;

  /**
   * @param time the time format, as a Logback pattern
   */
  TextLine(LoggerContext context, String time, boolean showsTraces) {
    this.showsTraces = showsTraces;
    layout.setContext(context);
    layout.setPattern(time + " %-5level %msg %kvp%nopex");
    layout.start();
  }

  String of(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(layout.doLayout(event).stripTrailing());
    for (Map.Entry<String, String> place : event.getMDCPropertyMap().entrySet()) {
      if (!isTold(place.getKey(), event.getKeyValuePairs())) {
        line.append(' ').append(place.getKey()).append("=\"").append(place.getValue()).append('"');
      }
    }
    String clean = CONTROLS.matcher(line).replaceAll(" ") + System.lineSeparator();
    return showsTraces && event.getThrowableProxy() != null
        ? clean + ThrowableProxyUtil.asString(event.getThrowableProxy())
        : clean;
  }

  private static boolean isTold(String name, @Nullable List<KeyValuePair> facts) {
    return facts != null && facts.stream().anyMatch(fact -> fact.key.equals(name));
  }
}
