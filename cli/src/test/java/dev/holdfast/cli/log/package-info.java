@NullMarked
package dev.holdfast.cli.log;

import org.jspecify.annotations.NullMarked;
