#include "ledger/sqlite/chosen.hpp"

#include "ledger/json_list.hpp"
#include "ledger/words.hpp"

namespace pofetch::sqlite {

chosen::chosen(const work_choice& choice, bool of_manifest)
    : states_(records::states_of(choice)),
      codes_(records::to_json(choice.error_codes)),
      keys_(records::keys_of(choice, of_manifest)) {}

}  // namespace pofetch::sqlite
