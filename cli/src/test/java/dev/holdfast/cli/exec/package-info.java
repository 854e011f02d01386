@NullMarked
package dev.holdfast.cli.exec;

import org.jspecify.annotations.NullMarked;
