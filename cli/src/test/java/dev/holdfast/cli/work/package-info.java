@NullMarked
package dev.holdfast.cli.work;

import org.jspecify.annotations.NullMarked;
