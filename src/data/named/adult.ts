// Adult: the census of 1994 in the United States, and who earned more than 50 000 dollars. Numbers and categories; what is not known is a
// question mark, which by default is a category of its own. The test file begins with a remark and ends its classes with a full stop.
import { contentOf, type FileEntry } from './entry.js';
import { assembleTable, linesOf } from './plain-table.js';
import { uciFile } from './uci-file.js';

const files = {
  train: uciFile('adult/adult.data', 3974305, '5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d'),
  test: uciFile(
    'adult/adult.test',
    2003153,
    'a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05',
    'test',
  ),
};
const classes = ['<=50K', '>50K'];
const list = (text: string): readonly string[] => text.split(' ');

/** The columns, with the categories of those that have some in the order of the file adult.names. */
const columns: Readonly<Record<string, readonly string[] | 'numeric'>> = {
  age: 'numeric',
  workclass: list('Private Self-emp-not-inc Self-emp-inc Federal-gov Local-gov State-gov Without-pay Never-worked'),
  fnlwgt: 'numeric',
  education: list(
    'Bachelors Some-college 11th HS-grad Prof-school Assoc-acdm Assoc-voc 9th 7th-8th 12th Masters 1st-4th 10th Doctorate 5th-6th Preschool',
  ),
  'education-num': 'numeric',
  'marital-status': list(
    'Married-civ-spouse Divorced Never-married Separated Widowed Married-spouse-absent Married-AF-spouse',
  ),
  occupation: list(
    'Tech-support Craft-repair Other-service Sales Exec-managerial Prof-specialty Handlers-cleaners Machine-op-inspct ' +
      'Adm-clerical Farming-fishing Transport-moving Priv-house-serv Protective-serv Armed-Forces',
  ),
  relationship: list('Wife Own-child Husband Not-in-family Other-relative Unmarried'),
  race: list('White Asian-Pac-Islander Amer-Indian-Eskimo Other Black'),
  sex: list('Female Male'),
  'capital-gain': 'numeric',
  'capital-loss': 'numeric',
  'hours-per-week': 'numeric',
  'native-country': list(
    'United-States Cambodia England Puerto-Rico Canada Germany Outlying-US(Guam-USVI-etc) India Japan Greece South China Cuba Iran ' +
      'Honduras Philippines Italy Poland Jamaica Vietnam Mexico Portugal Ireland France Dominican-Republic Laos Ecuador Taiwan Haiti ' +
      'Columbia Hungary Guatemala Nicaragua Scotland Thailand Yugoslavia El-Salvador Trinadad&Tobago Peru Hong Holand-Netherlands',
  ),
  income: classes,
};

export const adult: FileEntry = {
  kind: 'files',
  name: 'adult',
  description: 'people of the 1994 census and whether they earned more than 50K; 6 numbers and 8 categories, one-hot',
  licence: 'CC BY 4.0',
  origin: 'https://archive.ics.uci.edu/dataset/2/adult',
  citation: 'Becker and Kohavi, Adult (1996)',
  exampleShape: [108],
  classes,
  lengths: { train: 32561, test: 16281 },
  files: [files.train, files.test],
  assemble(contents, split, source, options) {
    const lines = linesOf(contentOf(contents, (split === 'test' ? files.test : files.train).name));
    return assembleTable(
      { name: 'adult', names: Object.keys(columns), label: 'income', columns, missing: 'category' },
      lines.map((line) => (line.startsWith('|') ? '' : line.trimEnd().replace(/\.$/, ''))),
      source,
      options,
    );
  },
};
