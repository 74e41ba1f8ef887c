import os
import re

from conan import ConanFile
from conan.tools.build import can_run, check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir
from conan.tools.gnu import PkgConfigDeps
from conan.tools.system.package_manager import Apt, Dnf

required_conan_version = ">=2.1"


class PofetchConan(ConanFile):
    name = "pofetch"
    description = "Fetches the attachments of purchase orders"
    license = "MIT"
    topics = ("procurement", "coupa", "download", "migration")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "program": [True, False],  # POFETCH_BUILD_PROGRAM
        "tests": [True, False],  # POFETCH_BUILD_TESTS: built and run with the package
        "tools": [True, False],  # POFETCH_BUILD_TOOLS: coupa-sim and the examples, which the tests need
    }
    default_options = {"program": True, "tests": False, "tools": False}

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "..", "CMakeLists.txt"))
        self.version = re.search(r"project\(pofetch VERSION (\S+)", text).group(1)

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..")
        for pattern in ("CHANGELOG.md", "CMakeLists.txt", "LICENSE", "MANUAL.md", "README.md", "include/*", "src/*", "tests/*", "tools/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def layout(self):
        self.folders.root = ".."
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/1.81.0", transitive_headers=True, transitive_libs=True)
        self.requires("openssl/[>=3.0 <4]")
        self.requires("fmt/9.1.0")
        self.requires("zlib/[>=1.2.13 <2]")
        self.requires("libxml2/[>=2.9.14 <3]")
        self.requires("sqlite3/[>=3.40 <4]")
        self.requires("utf8proc/2.8.0")
        self.requires("libidn2/[>=2.3.0 <3]")
        self.requires("libzip/[>=1.7.3 <2]")
        self.requires("libxlsxwriter/[>=1.1.4 <2]")
        if self.options.program or self.options.tests:
            self.requires("cli11/2.3.2", visible=False)
            self.requires("spdlog/1.11.0", visible=False)  # the one for fmt 9.1
            self.requires("tomlplusplus/3.3.0", visible=False)
            self.requires("valijson/1.0.2", visible=False)
            self.requires("prometheus-cpp/1.1.0", visible=False,
                          options={"with_pull": False, "with_push": False, "with_compression": False})
        if self.options.program:
            self.requires("libsystemd/[>=252 <256]", visible=False)

    def build_requirements(self):
        if self.options.tests:
            self.test_requires("doctest/2.4.11")

    def system_requirements(self):
        # Conan Center has no libcsv.
        Apt(self).install(["libcsv-dev"], check=True)
        Dnf(self).install(["libcsv-devel"], check=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.options.rm_safe("tests")
        self.info.options.rm_safe("tools")

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["POFETCH_BUILD_PROGRAM"] = bool(self.options.program)
        toolchain.cache_variables["POFETCH_BUILD_TESTS"] = bool(self.options.tests)
        toolchain.cache_variables["POFETCH_BUILD_TOOLS"] = bool(self.options.tests or self.options.tools)
        toolchain.cache_variables["POFETCH_WARNINGS_AS_ERRORS"] = False
        toolchain.generate()
        CMakeDeps(self).generate()
        PkgConfigDeps(self).generate()  # utf8proc, libidn2, libzip, xlsxwriter and libsystemd are looked for with pkg-config

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()
        if self.options.tests and can_run(self):
            cmake.ctest(cli_args=["--output-on-failure", "--label-exclude", "package"])

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        CMake(self).install()
        # CMakeDeps writes the package's CMake files for whoever uses it.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "share"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "pofetch")
        self.cpp_info.set_property("cmake_target_name", "pofetch::pofetch")
        self.cpp_info.libs = ["pofetch"]
        self.cpp_info.system_libs = ["csv", "pthread"]
