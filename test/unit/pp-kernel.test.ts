// The kernel's configuration and the headers that its build would generate.
import { describe, expect, test } from "vitest";
import { autoconfText, builtinConfig, configNumber, parseConfig, withHz } from "../../engine/kbuild/config.js";
import { kernelTu } from "../../engine/kbuild/translation-unit.js";
import { suppliedHeaders, timeconstText } from "../../engine/kbuild/generated-headers.js";
import { PpCache, preprocess } from "../../engine/c/preprocess/index.js";
import { spelling, treeOf } from "./pp-fixture.js";

const MAKEFILE = "VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 300\nEXTRAVERSION =\n";

describe("configuration", () => {
  test("a .config is converted to autoconf.h", () => {
    const { config, dropped, problems } = parseConfig(
      '# CONFIG_A is not set\nCONFIG_B=y\r\nCONFIG_C=m\nCONFIG_D=n\nCONFIG_E=0x1f\nCONFIG_F="a \\"b\\""\nCONFIG_HZ=100\nCONFIG_JUMP_LABEL=y\nCONFIG_KASAN=y\nrubbish\n',
    );
    const lines = autoconfText(config).trim().split("\n");
    expect(lines).toEqual([
      "#define CONFIG_B 1",
      "#define CONFIG_C_MODULE 1",
      "#define CONFIG_E 0x1f",
      '#define CONFIG_F "a \\"b\\""',
      "#define CONFIG_HZ 100",
      "#define CONFIG_UNINLINE_SPIN_UNLOCK 1",
    ]);
    expect(dropped).toEqual(["JUMP_LABEL", "KASAN"]);
    expect(problems.map(({ place }) => place?.line)).toEqual([10]);
  });

  test("hz replaces the value and the choice", () => {
    const text = autoconfText(withHz(builtinConfig(), 1000));
    expect(text).toContain("#define CONFIG_HZ 1000\n");
    expect(text).toContain("#define CONFIG_HZ_1000 1\n");
    expect(text).not.toContain("CONFIG_HZ_250");
  });

  test("the built-in configuration is for pseries, without options that can't be run", () => {
    const config = builtinConfig();
    for (const name of ["PPC64", "PPC_PSERIES", "PPC_64K_PAGES", "SPAPR_TCE_IOMMU", "OF_DYNAMIC", "PCI_MSI", "SMP", "PAGE_POOL"])
      expect(config.get(name)).toBe("y");
    for (const name of ["JUMP_LABEL", "GENERIC_BUG", "MODULES", "KASAN", "SYSFS", "DEBUG_FS", "FAULT_INJECTION", "MEM_ALLOC_PROFILING"])
      expect(config.has(name)).toBe(false);
    expect(configNumber(config, "HZ", 0)).toBe(250);
  });
});

describe("supplied headers", () => {
  const tree = treeOf({
    Makefile: MAKEFILE,
    "arch/powerpc/include/asm/io.h": "",
    "arch/powerpc/include/uapi/asm/types.h": "",
    "arch/powerpc/include/uapi/asm/both.h": "",
    "arch/powerpc/include/asm/Kbuild": "generic-y += both.h\n",
    "include/asm-generic/io.h": "",
    "include/asm-generic/types.h": "",
    "include/asm-generic/both.h": "",
    "include/asm-generic/div64.h": "",
    "include/uapi/asm-generic/poll.h": "",
  });
  const supplied = suppliedHeaders(tree, builtinConfig());

  test.each([
    ["asm/div64.h", "#include <asm-generic/div64.h>\n"],
    ["asm/poll.h", "#include <asm-generic/poll.h>\n"],
    ["asm/both.h", "#include <asm-generic/both.h>\n"],
    ["asm/io.h", undefined],
    ["asm/types.h", undefined],
    ["asm/none.h", undefined],
    ["generated/asm-offsets.h", ""],
  ])("%s", (name, text) => {
    expect(supplied.get(name)).toBe(text);
  });

  test("the version is that of the tree, with its last part limited to a byte", () => {
    const text = supplied.get("linux/version.h") ?? "";
    expect(text).toContain(`#define LINUX_VERSION_CODE ${String(0x060cff)}\n`);
    expect(supplied.get("generated/utsrelease.h")).toBe('#define UTS_RELEASE "6.12.300"\n');
  });

  // Values as kernel/time/timeconst.bc prints them.
  test.each([
    [250, "MSEC_TO_HZ_MUL32 U64_C(0x80000000)", "MSEC_TO_HZ_SHR32 33", "USEC_TO_HZ_ADJ32 U64_C(0x7FF7CED9168)"],
    [1000, "HZ_TO_MSEC_NUM 1", "HZ_TO_USEC_MUL32 U64_C(0xFA000000)", "HZ_TO_NSEC_NUM 1000000"],
    [300, "HZ_TO_MSEC_NUM 10", "HZ_TO_MSEC_DEN 3", "MSEC_TO_HZ_MUL32 U64_C(0x9999999A)"],
  ])("timeconst.h for HZ=%i", (hz, ...lines) => {
    const text = timeconstText(hz);
    for (const line of lines) expect(text).toContain(`#define ${line}\n`);
  });
});

test("a kernel file gets its module names and the kernel's headers", () => {
  const tree = treeOf({
    Makefile: MAKEFILE,
    "drivers/x/dma-test.c": '#include "own.h"\n#include <asm/bug.h>\nKBUILD_MODNAME KBUILD_MODFILE __KBUILD_MODNAME CONFIG_HZ __KERNEL__',
    "drivers/x/own.h": "own",
    "include/linux/compiler-version.h": "",
    "include/linux/kconfig.h": "",
    "include/linux/compiler_types.h": "types",
    "arch/powerpc/include/asm/asm-compat.h": "compat",
    "arch/powerpc/include/asm/bug.h": "#error the assembly one",
    "include/asm-generic/bug.h": "generic_bug",
  });
  const result = preprocess(kernelTu(tree, "drivers/x/dma-test.c", { cache: new PpCache(), hz: 100 }));
  expect(result.diagnostics).toEqual([]);
  expect(spelling(result)).toMatch(/^types own compat generic_bug struct pt_regs ;.* "dma_test" "drivers\/x\/dma-test" kmod_dma_test 100 1$/);
});
