package dev.holdfast.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.holdfast.cli.terminal.Console;
import java.io.OutputStream;

/**
 * Where log lines go: to standard error, one line each, from LOG_LEVEL on. Found by logback in
 * place of a file, which would have to be looked for and parsed at each start.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static volatile String level = "WARN";
  private static volatile OutputStream err = System.err;

  /** Before the first logger is made. */
  static void prepare(Console console) {
    level = console.variable("LOG_LEVEL").orElse("WARN");
    err = console.err();
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Level least = Level.toLevel(level, Level.WARN);
    boolean showsTraces = !least.isGreaterOrEqual(Level.INFO);
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(
        "%d{HH:mm:ss.SSS} %-5level %replace(%msg %kvp){'[\\p{Cntrl}]+', ' '}"
            + (showsTraces ? "%n%ex" : "%n%nopex"));
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(err);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(least);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
