#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zip.h>

namespace pofetch::test {

/// Writes ZIP archives and workbooks part by part, right ones and wrong ones.
class workbook_builder {
 public:
  /// A sheet: what stands between `<sheetData>` and its end, and what stands behind it.
  workbook_builder& sheet(std::string name, std::string rows, std::string behind = {},
                          std::string state = {}) {
    sheets_.push_back({std::move(name), std::move(rows), std::move(behind), std::move(state)});
    return *this;
  }
  /// The items of the shared strings: `<si>...</si>`.
  workbook_builder& strings(std::string items) {
    strings_ = std::move(items);
    return *this;
  }
  /// What stands in the part of the styles.
  workbook_builder& styles(std::string content) {
    styles_ = std::move(content);
    return *this;
  }
  workbook_builder& from_1904() {
    properties_ = "<workbookPr date1904=\"1\"/>";
    return *this;
  }
  /// Any part, also one in the place of those that are made.
  workbook_builder& part(const std::string& name, std::string content) {
    parts_[name] = std::move(content);
    return *this;
  }

  [[nodiscard]] std::map<std::string, std::string> parts() const {
    constexpr std::string_view kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    std::map<std::string, std::string> made;
    std::string tabs;
    std::string related;
    const auto relate = [&](const std::string& id, std::string_view type, const std::string& target) {
      related += "<Relationship Id=\"" + id + "\" Type=\"" + std::string(kind) + std::string(type) +
                 "\" Target=\"" + target + "\"/>";
    };
    for (std::size_t i = 0; i < sheets_.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      const page& one = sheets_[i];
      tabs += "<sheet name=\"" + one.name + "\" sheetId=\"" + number + "\"" +
              (one.state.empty() ? "" : " state=\"" + one.state + "\"") + " r:id=\"rId" + number + "\"/>";
      relate("rId" + number, "worksheet", "worksheets/sheet" + number + ".xml");
      made["xl/worksheets/sheet" + number + ".xml"] = head + "<worksheet" + names + "><sheetData>" +
                                                      one.rows + "</sheetData>" + one.behind + "</worksheet>";
    }
    if (!strings_.empty()) {
      relate("rId900", "sharedStrings", "sharedStrings.xml");
      made["xl/sharedStrings.xml"] = head + "<sst" + names + ">" + strings_ + "</sst>";
    }
    if (!styles_.empty()) {
      relate("rId901", "styles", "styles.xml");
      made["xl/styles.xml"] = head + "<styleSheet" + names + ">" + styles_ + "</styleSheet>";
    }
    made["xl/workbook.xml"] =
        head + "<workbook" + names + ">" + properties_ + "<sheets>" + tabs + "</sheets></workbook>";
    made["xl/_rels/workbook.xml.rels"] = head + "<Relationships>" + related + "</Relationships>";
    made["_rels/.rels"] = head + "<Relationships><Relationship Id=\"rId1\" Type=\"" + std::string(kind) +
                          "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    for (const auto& [name, content] : parts_) made[name] = content;
    return made;
  }

  /// Writes the workbook.
  void write(const std::filesystem::path& file) const { write_zip(file, parts()); }

  static void write_zip(const std::filesystem::path& file, const std::map<std::string, std::string>& parts) {
    int problem = 0;
    zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem);
    if (archive == nullptr) throw std::runtime_error("cannot make " + file.string());
    for (const auto& [name, content] : parts) {
      zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
      if (zip_file_add(archive, name.c_str(), source, ZIP_FL_OVERWRITE) < 0)
        throw std::runtime_error("cannot add " + name);
    }
    if (zip_close(archive) != 0) throw std::runtime_error("cannot write " + file.string());
  }

 private:
  struct page {
    std::string name;
    std::string rows;
    std::string behind;
    std::string state;
  };
  static inline const std::string head = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
  static inline const std::string names =
      R"( xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main")"
      R"( xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships")";

  std::vector<page> sheets_;
  std::string strings_;
  std::string styles_;
  std::string properties_;
  std::map<std::string, std::string> parts_;
};

/// A row of inline texts from column A on: what the tests need most. An empty text is an empty cell.
[[nodiscard]] inline std::string text_row(int number, const std::vector<std::string>& texts) {
  std::string row = "<row r=\"" + std::to_string(number) + "\">";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    row += "<c r=\"" + std::string(1, static_cast<char>('A' + i)) + std::to_string(number) +
           "\" t=\"inlineStr\"><is><t>" + texts[i] + "</t></is></c>";
  }
  return row + "</row>";
}

}  // namespace pofetch::test
