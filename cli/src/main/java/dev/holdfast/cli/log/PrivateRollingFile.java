package dev.holdfast.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.holdfast.cli.terminal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;

/** A log file that is rotated by size; each file is readable only by its owner. */
final class PrivateRollingFile extends RollingFileAppender<ILoggingEvent> {
  /**
   * Creates the appender without starting it.
   *
   * @param maxMegabytes the maximum size of a file
   * @param kept the number of rotated files to keep, as {@code file.1} and so on
   */
  PrivateRollingFile(Context context, Path file, int maxMegabytes, int kept) {
    setContext(context);
    setFile(file.toString());
    FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
    names.setContext(context);
    names.setParent(this);
    names.setFileNamePattern(file.toString().replace("%", "\\%") + ".%i");
    names.setMinIndex(1);
    names.setMaxIndex(kept);
    names.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(maxMegabytes * FileSize.MB_COEFFICIENT));
    size.start();
    setRollingPolicy(names);
    setTriggeringPolicy(size);
  }

  @Override
  public void openFile(String name) throws IOException {
    PrivateFiles.createFile(Path.of(name));
    super.openFile(name);
  }
}
