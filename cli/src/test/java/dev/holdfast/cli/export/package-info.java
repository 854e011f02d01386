@NullMarked
package dev.holdfast.cli.export;

import org.jspecify.annotations.NullMarked;
