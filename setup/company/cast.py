"""Who is in the play: names, places and machines, as plain data without ORM.

Every name, VAT number and telephone number is invented; the check digits are right, so that Odoo's own
validations accept them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    name: str
    street: str
    zip: str
    city: str
    state: str
    is_company: bool = True
    country: str = "IT"
    lang: str = "it_IT"
    vat: str = ""  # of who is abroad; that of an Italian company is made up by `vat_number`
    tax_code: str = ""  # the codice fiscale of a person; that of a company is its VAT number


@dataclass(frozen=True)
class Machine:
    code: str
    name: str
    price: float
    cost: float
    tracking: str = "serial"
    months: int = 24
    failure: float = 1.0  # how often it breaks, beside the others


@dataclass(frozen=True)
class Part:
    code: str
    name: str
    price: float
    cost: float
    consumable: bool = False


CUSTOMERS = (
    Customer("Hotel Miralago", "Via Regina 41", "22012", "Cernobbio", "CO"),
    Customer("Bar Centrale di Riva & C. Snc", "Piazza Duomo 3", "22100", "Como", "CO"),
    Customer("Ristorante La Filanda Srl", "Via Manzoni 18", "23900", "Lecco", "LC"),
    Customer("Pasticceria Colombo Srl", "Corso Matteotti 27", "20121", "Milano", "MI"),
    Customer("Caffè dei Tigli Srl", "Viale Monza 112", "20127", "Milano", "MI"),
    Customer("Grand Hotel Bellavista SpA", "Lungolago Marconi 2", "22021", "Bellagio", "CO"),
    Customer("Mensa Brianza Coop. Soc.", "Via Industria 9", "20900", "Monza", "MB"),
    Customer("Trattoria Antica Porta", "Via Borgo Palazzo 64", "24125", "Bergamo", "BG"),
    Customer("Gelateria Fior di Latte Snc", "Via XX Settembre 15", "24122", "Bergamo", "BG"),
    Customer("Osteria del Naviglio Srl", "Ripa di Porta Ticinese 55", "20143", "Milano", "MI"),
    Customer("Residenza San Carlo", "Via San Carlo 8", "21100", "Varese", "VA"),
    Customer("Forno Bianchi di Bianchi Luca", "Via Garibaldi 33", "21052", "Busto Arsizio", "VA"),
    Customer("Albergo Tre Corone Srl", "Via Nazionale 120", "23100", "Sondrio", "SO"),
    Customer("Rifugio Pian dei Cavalli", "Località Pian dei Cavalli", "23021", "Campodolcino", "SO"),
    Customer("Bistrot Novecento Srl", "Via Solferino 21", "20121", "Milano", "MI"),
    Customer("Catering Verdi SpA", "Via dell'Artigianato 4", "20090", "Segrate", "MI"),
    Customer("Scuola Alberghiera Lario", "Via Carcano 11", "22100", "Como", "CO"),
    Customer("Clinica Villa Serena SpA", "Via dei Cedri 1", "20900", "Monza", "MB"),
    Customer("Autogrill Tre Valli Srl", "Strada Statale 36 km 48", "23868", "Valmadrera", "LC"),
    Customer("Panificio Ferrario Srl", "Via Volta 72", "22063", "Cantù", "CO"),
    Customer("Pizzeria Vesuvio di Esposito", "Via Milano 207", "22100", "Como", "CO"),
    Customer("Agriturismo Cascina Bella", "Strada Bassa 5", "27100", "Pavia", "PV"),
    Customer("Circolo Canottieri Lecco ASD", "Lungo Lario Piave 10", "23900", "Lecco", "LC"),
    Customer("Supermercati Bonora SpA", "Via Emilia 300", "26900", "Lodi", "LO"),
    Customer(
        "Ticino Gastro SA", "Via Lugano 14", "6830", "Chiasso", "", country="CH", vat="CHE-100.200.338 IVA"
    ),
    Customer(
        "Giulia Moretti",
        "Via dei Mille 6",
        "20129",
        "Milano",
        "MI",
        is_company=False,
        tax_code="MRTGLI84C52F205Y",
    ),
    Customer(
        "Marco Galli",
        "Via Pasubio 19",
        "21100",
        "Varese",
        "VA",
        is_company=False,
        tax_code="GLLMRC79S05L682M",
    ),
    Customer(
        "Elena Rinaldi",
        "Via Dante 44",
        "24121",
        "Bergamo",
        "BG",
        is_company=False,
        tax_code="RNLLNE90H61A794J",
    ),
    Customer(
        "Paolo Fontana",
        "Via Cavour 12",
        "23900",
        "Lecco",
        "LC",
        is_company=False,
        tax_code="FNTPLA72A30E507N",
    ),
    Customer(
        "Anna Caruso", "Via Verdi 3", "20900", "Monza", "MB", is_company=False, tax_code="CRSNNA66P48F704P"
    ),
)

MACHINES = (
    Machine("CF-2G", "Macchina da caffè Aurora 2 gruppi", 4850.0, 2900.0, failure=1.4),
    Machine("CF-3G", "Macchina da caffè Aurora 3 gruppi", 6900.0, 4150.0, failure=1.3),
    Machine("MC-10", "Macinadosatore Grano 10", 640.0, 350.0, failure=0.6),
    Machine("LV-50", "Lavastoviglie a capotta Brina 50", 3200.0, 1950.0, failure=1.1),
    Machine("LB-35", "Lavabicchieri Brina 35", 1450.0, 880.0, failure=1.8),
    Machine("FR-700", "Armadio frigorifero Polo 700", 2150.0, 1300.0, failure=0.8),
    Machine("AB-5T", "Abbattitore Polo 5 teglie", 3900.0, 2400.0, failure=0.9),
    Machine("FC-6", "Forno combinato Fiamma 6 teglie", 7400.0, 4700.0, failure=1.2),
    Machine("GH-80", "Fabbricatore di ghiaccio Neve 80", 1880.0, 1120.0, failure=1.5),
    Machine("AD-08", "Addolcitore 8 litri", 95.0, 48.0, tracking="none", months=12, failure=0.3),
)

PARTS = (
    Part("R-POMPA", "Pompa volumetrica", 120.0, 71.0),
    Part("R-RESIST", "Resistenza caldaia 3 kW", 86.0, 44.0),
    Part("R-SCHEDA", "Scheda elettronica di controllo", 245.0, 150.0),
    Part("R-TERMO", "Termostato di sicurezza", 32.5, 14.0),
    Part("R-ELETTRO", "Elettrovalvola 2 vie", 41.0, 19.5),
    Part("R-COMPR", "Compressore R290", 310.0, 205.0),
    Part("R-VENT", "Ventola evaporatore", 58.0, 27.0),
    Part("R-GUARN", "Kit guarnizioni", 18.4, 6.2, consumable=True),
    Part("R-FILTRO", "Cartuccia filtro acqua", 29.0, 12.5, consumable=True),
    Part("R-DETER", "Detergente per circuiti 1 l", 11.9, 4.4, consumable=True),
)

#: texts of usual calls: name, description
USUAL_CALLS = (
    ("Perdita d'acqua", "<p>Da dove perde? L'acqua è stata chiusa?</p>"),
    ("Non si accende", "<p>La spina e l'interruttore generale sono stati controllati?</p>"),
)
#: what the operator reads beside a call: name, kind, text
GUIDANCE = (
    (
        "Prima di mandare un tecnico",
        "question",
        "<ol><li>Numero di matricola sulla targhetta</li><li>Codice d'errore sul display</li>"
        "<li>Ultima pulizia e cambio del filtro</li></ol>",
    ),
    (
        "Il cliente contesta l'uscita a pagamento",
        "objection",
        "<p>Spiegare che cosa coprono garanzia e contratto, riga per riga, dalla scheda Copertura.</p>",
    ),
)

TECHNICIANS = ("Davide Brambilla", "Sara Locatelli", "Andrea Pozzi", "Ivan Kovalenko")

COMPLAINTS = (
    "Il tecnico è arrivato due giorni dopo l'appuntamento.",
    "La macchina si è fermata di nuovo dopo la riparazione.",
    "Fattura con ore di viaggio non concordate.",
    "Nessuna risposta alla richiesta inviata una settimana fa.",
    "Ricambio sbagliato, secondo intervento necessario.",
    "Il forno consegnato ha un'ammaccatura sul fianco.",
    "Il preventivo promesso non è mai arrivato.",
)

TROUBLES = (
    ("La macchina non scalda", "Resistenza interrotta, sostituita."),
    ("Perdita d'acqua sotto la macchina", "Guarnizione usurata, sostituita e provata in pressione."),
    ("Non carica acqua", "Elettrovalvola bloccata dal calcare, sostituita."),
    ("Errore E05 sul display", "Scheda di controllo guasta, sostituita."),
    ("Rumore forte durante il lavoro", "Cuscinetto della pompa rovinato, pompa sostituita."),
    ("Non raffredda abbastanza", "Condensatore pulito e carica di gas ripristinata."),
    ("Il ghiaccio esce a pezzi", "Regolato il ciclo di brinatura."),
    ("Scatta il differenziale", "Isolamento verificato, resistenza sostituita."),
    ("La porta non chiude bene", "Cerniera registrata, guarnizione sostituita."),
    ("Caffè troppo lento", "Filtro intasato e macinatura da regolare."),
)


def vat_number(seed: int) -> str:
    """A formally valid Italian VAT number for a number between 1 and 9999999.

    The last digit is the Luhn check digit that article 35 of DPR 633/1972 prescribes.

    >>> vat_number(1234567)
    'IT12345670132'
    """
    digits = f"{seed:07d}013"
    total = 0
    for position, digit in enumerate(map(int, digits)):
        if position % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return f"IT{digits}{-total % 10}"


#: What customers read on the portal, in the three languages: {field: {language: text}}, paragraph by paragraph.
POLICY = {
    "name": {
        "en_US": "Warranty and returns",
        "it_IT": "Garanzia e resi",
        "ru_RU": "Гарантия и возврат",
    },
    "warranty_terms": {
        "en_US": "<p>Two years on parts and labour of the machines, consumables excepted.</p>",
        "it_IT": "<p>Due anni su ricambi e manodopera per le macchine, esclusi i materiali di consumo.</p>",
        "ru_RU": "<p>Два года на запчасти и работу по машинам, кроме расходных материалов.</p>",
    },
    "return_policy": {
        "en_US": "<p>Bring a defective machine to our premises or have the technician collect it.</p>",
        "it_IT": "<p>Una macchina difettosa si riporta in sede o si fa ritirare dal tecnico.</p>",
        "ru_RU": "<p>Неисправную машину можно привезти к нам или передать техническому специалисту.</p>",
    },
    "claim_procedure": {
        "en_US": "<p>Call the service desk or open the page of the product with its serial number.</p>",
        "it_IT": "<p>Chiami l'assistenza o apra la pagina del prodotto con il numero di matricola.</p>",
        "ru_RU": "<p>Позвоните в сервисную службу или откройте страницу изделия с серийным номером.</p>",
    },
}
EXTENSION_TERM = {
    "name": {
        "en_US": "Lario extension, 12 months",
        "it_IT": "Estensione Lario 12 mesi",
        "ru_RU": "Расширенная гарантия Lario, 12 месяцев",
    }
}
EXTENSION = {
    "name": {
        "en_US": "Warranty extension, 12 months",
        "it_IT": "Estensione di garanzia 12 mesi",
        "ru_RU": "Расширенная гарантия на 12 месяцев",
    }
}


RECALL = {
    "title": {
        "en_US": "Power cord to be replaced",
        "it_IT": "Cavo di alimentazione da sostituire",
        "ru_RU": "Необходимо заменить шнур питания",
    },
    "product_description": {
        "en_US": "Machine with a black power cord",
        "it_IT": "Macchina con cavo di alimentazione nero",
        "ru_RU": "Аппарат с чёрным шнуром питания",
    },
    "sale_info": {
        "en_US": "Sold in Italy by our company",
        "it_IT": "Venduta in Italia dalla nostra azienda",
        "ru_RU": "Продан в Италии нашей компанией",
    },
    "hazard": {
        "en_US": "The power cord can overheat and catch fire.",
        "it_IT": "Il cavo di alimentazione può surriscaldarsi e prendere fuoco.",
        "ru_RU": "Шнур питания может перегреться и загореться.",
    },
    "instructions": {
        "en_US": "<p>Unplug the machine and do not use it until the technician has replaced the cord.</p>",
        "it_IT": "<p>Stacchi la spina e non usi la macchina finché il tecnico non ha sostituito il cavo.</p>",
        "ru_RU": "<p>Отключите аппарат от сети и не пользуйтесь им, пока техник не заменит шнур.</p>",
    },
}


def tell(record, texts: dict) -> None:
    """Write the texts of a record that was made in English in the other languages of the demo."""
    for name, words in texts.items():
        if callable(record._fields[name].translate):  # formatted text is translated paragraph by paragraph
            source, *others = (
                (lang, text.removeprefix("<p>").removesuffix("</p>")) for lang, text in words.items()
            )
            translations = {lang: {source[1]: text} for lang, text in others}
        else:
            translations = {lang: text for lang, text in words.items() if lang != "en_US"}
        record.update_field_translations(name, translations)
